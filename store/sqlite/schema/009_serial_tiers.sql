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

-- What is due is looked for by profile, because one call has devices of one profile; the rest by time.
DROP INDEX assignment_work;
CREATE INDEX assignment_due ON assignment (account, urgency, profile_uuid, next_try) WHERE state = 0;
CREATE INDEX assignment_sent ON assignment (account, state, next_try) WHERE state <> 0;
