-- An account's work in four lanes (model/lane.h), each with its own position, trouble and pause.

-- The two lists have a cursor each.
ALTER TABLE account ADD COLUMN changes_cursor TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN list_cursor TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN list_under_way INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN list_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN list_began INTEGER;
ALTER TABLE account ADD COLUMN baseline_began INTEGER;
ALTER TABLE account ADD COLUMN many_missing_since INTEGER;
ALTER TABLE account ADD COLUMN many_missing INTEGER NOT NULL DEFAULT 0;
UPDATE account SET changes_cursor = cursor WHERE phase = 1;
UPDATE account SET list_cursor = cursor, list_under_way = cursor <> '' WHERE phase = 0;
ALTER TABLE account DROP COLUMN phase;
ALTER TABLE account DROP COLUMN cursor;
ALTER TABLE account RENAME COLUMN next_full TO next_list;

-- Our clock minus Apple's, in milliseconds; null before an answer told
ALTER TABLE account ADD COLUMN clock_offset INTEGER;

-- Only lanes that have trouble
CREATE TABLE lane_trouble (
  account  INTEGER NOT NULL REFERENCES account(id),
  lane     INTEGER NOT NULL,
  state    INTEGER NOT NULL,
  since    INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  retry_at INTEGER NOT NULL,
  word     TEXT NOT NULL,
  message  TEXT NOT NULL,
  remedy   TEXT NOT NULL,
  PRIMARY KEY (account, lane)
) STRICT, WITHOUT ROWID;

-- Only profiles that Apple does not know
CREATE TABLE profile_trouble (
  account  INTEGER NOT NULL REFERENCES account(id),
  uuid     TEXT NOT NULL,
  word     TEXT NOT NULL,
  since    INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  retry_at INTEGER NOT NULL,
  PRIMARY KEY (account, uuid)
) STRICT, WITHOUT ROWID;

INSERT INTO profile_trouble
  SELECT DISTINCT account, profile_uuid, broken, updated_at, 1, 0 FROM assigner WHERE broken <> '' AND profile_uuid <> '';

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

-- Apple was asked how the device is after this second, of Apple's clock, was over (model/device.h)
ALTER TABLE device ADD COLUMN asked_after INTEGER;

-- Assign calls whose answers are not stored: a row each, in place of a mark on a thousand assignments. A handful at most.
CREATE TABLE sent_batch (
  id           INTEGER PRIMARY KEY,
  account      INTEGER NOT NULL REFERENCES account(id),
  profile_uuid TEXT NOT NULL,
  urgency      INTEGER NOT NULL,
  first_try    INTEGER NOT NULL,
  first_device INTEGER NOT NULL,
  last_try     INTEGER NOT NULL,
  last_device  INTEGER NOT NULL,
  sent_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX sent_batch_profile ON sent_batch (account, profile_uuid, urgency);
