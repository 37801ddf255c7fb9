-- What is to be done at Apple: a row for each device that has no more than a wish yet (model/assignment.h). By device: rows
-- of arrivals are appended, and are found and taken away by the same number as their devices.
CREATE TABLE assignment (
  device      INTEGER PRIMARY KEY,
  account     INTEGER NOT NULL,
  profile     INTEGER NOT NULL,  -- profile_state
  serial      TEXT NOT NULL,     -- the call needs it
  state       INTEGER NOT NULL,
  urgency     INTEGER NOT NULL,
  attempts    INTEGER NOT NULL,
  next_try    INTEGER NOT NULL,
  last_answer TEXT NOT NULL,
  created_at  INTEGER NOT NULL
) STRICT;
-- What is due is looked for by profile, the rest by time.
CREATE INDEX assignment_due ON assignment (account, urgency, profile, next_try, device) WHERE state = 0;
CREATE INDEX assignment_sent ON assignment (account, state, next_try, device) WHERE state <> 0;

-- Assign calls whose answers are not stored (model/sent_batch.h): a row each, in place of a mark on a thousand assignments.
-- A handful at most.
CREATE TABLE sent_batch (
  id           INTEGER PRIMARY KEY,
  account      INTEGER NOT NULL REFERENCES account(id),
  profile      INTEGER NOT NULL,  -- profile_state
  urgency      INTEGER NOT NULL,
  first_try    INTEGER NOT NULL,
  first_device INTEGER NOT NULL,
  last_try     INTEGER NOT NULL,
  last_device  INTEGER NOT NULL,
  sent_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX sent_batch_profile ON sent_batch (account, profile, urgency);

-- What Apple is to be asked of single devices that have no assignment to carry the question (model/question.h)
CREATE TABLE question (
  account   INTEGER NOT NULL REFERENCES account(id),
  kind      INTEGER NOT NULL,
  serial    TEXT NOT NULL,
  operation INTEGER NOT NULL,
  op_date   INTEGER NOT NULL,
  since     INTEGER NOT NULL,
  next_try  INTEGER NOT NULL,
  attempts  INTEGER NOT NULL,
  PRIMARY KEY (account, kind, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX question_next ON question (account, kind, next_try);

-- The pass over all devices that a changed rule makes necessary (model/backfill.h); one row an account at most.
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
