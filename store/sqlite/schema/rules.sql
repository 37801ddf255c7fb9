-- Rules in an order, and the pass over all devices that a changed rule makes necessary.
CREATE TABLE rule (
  id           INTEGER PRIMARY KEY,
  account      INTEGER NOT NULL REFERENCES account(id),
  name         TEXT NOT NULL DEFAULT '',
  filter       TEXT NOT NULL,
  priority     INTEGER NOT NULL DEFAULT 100,
  scope        INTEGER NOT NULL DEFAULT 0,
  profile_uuid TEXT NOT NULL,
  profile_name TEXT NOT NULL DEFAULT '',  -- '' where a UUID was given
  version      INTEGER NOT NULL DEFAULT 1,
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  broken       TEXT NOT NULL,
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

-- model/backfill.h; one row an account at most
CREATE TABLE backfill (
  account  INTEGER PRIMARY KEY REFERENCES account(id),
  state    INTEGER NOT NULL,
  position INTEGER NOT NULL,
  planned  INTEGER NOT NULL,
  changed  INTEGER NOT NULL,
  began    INTEGER NOT NULL
) STRICT;

-- While the pass goes on: devices with the profile of the one are to have that of the other.
CREATE TABLE profile_move (
  account   INTEGER NOT NULL REFERENCES account(id),
  from_uuid TEXT NOT NULL,
  to_uuid   TEXT NOT NULL,
  PRIMARY KEY (account, from_uuid)
) STRICT, WITHOUT ROWID;
