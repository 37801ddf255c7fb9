-- What many devices of an account have in common is stored once, and a device has its number (dictionary.h). No number is
-- used again: readers keep in memory what each stands for.

CREATE TABLE kind (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  account     INTEGER NOT NULL REFERENCES account(id),
  model       TEXT NOT NULL,
  description TEXT NOT NULL,
  color       TEXT NOT NULL,
  family      TEXT NOT NULL,
  os          TEXT NOT NULL,
  assigned_by TEXT NOT NULL,
  UNIQUE (account, model, description, color, family, os, assigned_by)
) STRICT;

-- Apple's profile_status and profile_uuid. A profile that is wanted is the UUID with '' for a status.
CREATE TABLE profile_state (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account(id),
  status  TEXT NOT NULL,
  uuid    TEXT NOT NULL,
  UNIQUE (account, status, uuid)
) STRICT;

-- In order of arrival: rows are appended. A table clustered by serial was measured six times slower to fill with a million
-- random serials. There is no index by account: serial_index has an account's devices, too. Nor a reference to it, here and in
-- the assignments, which would be looked up for each row: erase.cc takes an account away behind its devices.
CREATE TABLE device (
  id                  INTEGER PRIMARY KEY,
  account             INTEGER NOT NULL,
  serial              TEXT NOT NULL,
  tombstone_at        INTEGER,
  kind                INTEGER NOT NULL,  -- kind
  profile             INTEGER NOT NULL,  -- profile_state
  desired_by          INTEGER NOT NULL,
  desired_profile     INTEGER NOT NULL,  -- profile_state, or 0 for none
  desired_rule        INTEGER NOT NULL,
  desired_at          INTEGER,
  assigned_at         INTEGER,
  other               TEXT NOT NULL,
  profile_assign_time INTEGER,
  profile_push_time   INTEGER,
  last_operation      INTEGER NOT NULL,
  last_op_date        INTEGER,
  first_seen          INTEGER NOT NULL,
  arrived_at          INTEGER,
  contested_at        INTEGER,
  -- of a device that was there before Muster: its profile_state when it was seen first, the first line of its history
  baseline            INTEGER,
  -- what hardly any device has (rare_facts.h)
  rare                TEXT
) STRICT;
-- The devices that arrived and that no rule covered, in order of serial, for who wants to see them: a few among many, so that
-- looking for them among all would take seconds. How many they are is kept elsewhere (kept_counts.h).
CREATE INDEX device_uncovered ON device (account, serial)
  WHERE desired_by = 0 AND arrived_at IS NOT NULL AND tombstone_at IS NULL;

-- Which device has which serial. The serials of the devices that came last are kept in memory (recent_serials.h), and go
-- into the index many at once, in their order: put there one by one, a page of 1,000 devices changes nearly as many of its
-- pages, each of them written twice. Where the index ends is stored with it: the devices behind are read again when the
-- database is opened.
--
-- No column has a name of `device`'s, so that statements over both need not say which is meant.
CREATE TABLE serial_index (
  owner  INTEGER NOT NULL,  -- the account
  number TEXT NOT NULL,
  place  INTEGER NOT NULL,  -- the device
  sort   INTEGER NOT NULL,  -- its kind: a filter tries that before it looks the device up
  PRIMARY KEY (owner, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE serial_index_end (
  last INTEGER NOT NULL  -- the device
) STRICT;
INSERT INTO serial_index_end (last) VALUES (0);
-- No device is deleted that is not in the index.
CREATE TRIGGER serial_removed AFTER DELETE ON device BEGIN
  DELETE FROM serial_index WHERE owner = OLD.account AND number = OLD.serial;
END;

-- A device's history, but for the first line of one that was there before Muster (device.baseline). Few texts make the
-- details of nearly all of it.
CREATE TABLE detail (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account(id),
  text    TEXT NOT NULL,
  UNIQUE (account, text)
) STRICT;
CREATE TABLE history (
  id     INTEGER PRIMARY KEY,
  device INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  kind   INTEGER NOT NULL,
  detail INTEGER NOT NULL  -- detail, or 0 for none
) STRICT;
CREATE INDEX history_device ON history (device);
-- Up to which entry old history was looked at, to remove what newer entries replaced.
CREATE TABLE history_thinned (
  last INTEGER NOT NULL  -- history
) STRICT;
INSERT INTO history_thinned (last) VALUES (0);
