-- Profiles in versions: those of one name are numbered from 1 in the order of their definition.
CREATE TABLE profile (
  id               INTEGER PRIMARY KEY,
  account          INTEGER NOT NULL REFERENCES account(id),
  uuid             TEXT NOT NULL,
  name             TEXT NOT NULL,
  version          INTEGER NOT NULL DEFAULT 1,
  document         TEXT NOT NULL,
  defined_at       INTEGER NOT NULL,
  defined_by       TEXT NOT NULL DEFAULT '',
  unknown_at_apple TEXT NOT NULL,
  UNIQUE (account, uuid)
) STRICT;
CREATE UNIQUE INDEX profile_version ON profile (account, name, version);

-- The version that a name stands for: the newest, unless an operator rolled back to an older one.
CREATE TABLE current_profile (
  account INTEGER NOT NULL REFERENCES account(id),
  name    TEXT NOT NULL,
  uuid    TEXT NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER config_profile_added AFTER INSERT ON current_profile BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_profile_changed AFTER UPDATE OF uuid ON current_profile WHEN NEW.uuid <> OLD.uuid BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;

-- Only profiles that Apple does not know (model/profile_trouble.h)
CREATE TABLE profile_trouble (
  account  INTEGER NOT NULL REFERENCES account(id),
  uuid     TEXT NOT NULL,
  word     TEXT NOT NULL,
  since    INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  retry_at INTEGER NOT NULL,
  PRIMARY KEY (account, uuid)
) STRICT, WITHOUT ROWID;
