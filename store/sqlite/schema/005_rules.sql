-- Rules in an order, profiles in versions, and the pass over all devices that a changed rule makes necessary.

ALTER TABLE assigner ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE assigner ADD COLUMN priority INTEGER NOT NULL DEFAULT 100;
ALTER TABLE assigner ADD COLUMN scope INTEGER NOT NULL DEFAULT 0;
-- '' where a UUID was given
ALTER TABLE assigner ADD COLUMN profile_name TEXT NOT NULL DEFAULT '';
ALTER TABLE assigner ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE assigner SET priority = 1000000 WHERE filter = '*';
CREATE UNIQUE INDEX assigner_name ON assigner (account, name) WHERE name <> '';

-- Versions of one name are numbered from 1 in the order of their definition.
ALTER TABLE profile ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE profile ADD COLUMN defined_by TEXT NOT NULL DEFAULT '';
UPDATE profile SET version = (SELECT count(*) FROM profile AS older
  WHERE older.account = profile.account AND older.name = profile.name AND older.id <= profile.id);
CREATE UNIQUE INDEX profile_version ON profile (account, name, version);

-- The version that a name stands for: the newest, unless a person went back to an older one.
CREATE TABLE current_profile (
  account INTEGER NOT NULL REFERENCES account(id),
  name    TEXT NOT NULL,
  uuid    TEXT NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
INSERT INTO current_profile (account, name, uuid)
  SELECT account, name, uuid FROM profile AS p
  WHERE version = (SELECT max(version) FROM profile WHERE account = p.account AND name = p.name);

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

-- The pass over an account's devices goes in the order in which they lie in the file.
CREATE INDEX device_account ON device (account) WHERE tombstone_at IS NULL;
