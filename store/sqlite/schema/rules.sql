-- Rules in an order. No number is used again: devices have that of the rule that gave their profile.
CREATE TABLE rule (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  account       INTEGER NOT NULL REFERENCES account(id),
  name          TEXT NOT NULL DEFAULT '',
  filter        TEXT NOT NULL,
  priority      INTEGER NOT NULL DEFAULT 100,
  scope         INTEGER NOT NULL DEFAULT 0,
  profile_uuid  TEXT NOT NULL,
  profile_name  TEXT NOT NULL DEFAULT '',  -- '' where a UUID was given
  version       INTEGER NOT NULL DEFAULT 1,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  broken        TEXT NOT NULL,
  enroll_within INTEGER NOT NULL DEFAULT 0,  -- milliseconds; 0 for no limit
  UNIQUE (account, filter)
) STRICT;
CREATE UNIQUE INDEX rule_name ON rule (account, name) WHERE name <> '';
CREATE TRIGGER config_rule_added AFTER INSERT ON rule BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_rule_changed AFTER UPDATE OF version ON rule WHEN NEW.version <> OLD.version BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_rule_removed AFTER DELETE ON rule BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = OLD.account;
END;
