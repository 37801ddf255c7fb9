-- Rows that are written together lie together.

-- Serials go from the small table into the large one by a middle one: some thousand at once, then some hundred thousand at
-- once. Each merge writes nearly all pages of the table it goes into, so it should be small or seldom (serials.cc).

CREATE TABLE serial_recent (
  owner  INTEGER NOT NULL,
  number TEXT NOT NULL,
  place  INTEGER NOT NULL,
  PRIMARY KEY (owner, number)
) STRICT, WITHOUT ROWID;

DROP TRIGGER serial_removed;
CREATE TRIGGER serial_removed AFTER DELETE ON device BEGIN
  DELETE FROM serial_new WHERE owner = OLD.account AND number = OLD.serial;
  DELETE FROM serial_recent WHERE owner = OLD.account AND number = OLD.serial;
  DELETE FROM serial_old WHERE owner = OLD.account AND number = OLD.serial;
END;

-- One call has devices of one profile: they lie together, so that what a call changes is a few pages of the file, not one
-- for each device. With the serial, which the call needs.
ALTER TABLE assignment RENAME TO assignment_before;
CREATE TABLE assignment (
  account      INTEGER NOT NULL REFERENCES account(id),
  profile_uuid TEXT NOT NULL,
  device       INTEGER NOT NULL,
  serial       TEXT NOT NULL,
  state        INTEGER NOT NULL,
  urgency      INTEGER NOT NULL,
  attempts     INTEGER NOT NULL,
  next_try     INTEGER NOT NULL,
  last_answer  TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  PRIMARY KEY (account, profile_uuid, device)
) STRICT, WITHOUT ROWID;
INSERT INTO assignment
  SELECT a.account, a.profile_uuid, a.device, d.serial, a.state, a.urgency, a.attempts, a.next_try, a.last_answer,
    a.created_at FROM assignment_before a JOIN device d ON d.id = a.device;
DROP TABLE assignment_before;
CREATE UNIQUE INDEX assignment_device ON assignment (device);
-- What is due is looked for by profile, the rest by time.
CREATE INDEX assignment_due ON assignment (account, urgency, profile_uuid, next_try, device) WHERE state = 0;
CREATE INDEX assignment_sent ON assignment (account, state, next_try, device) WHERE state <> 0;
