-- Webhooks (model/receiver.h). URL and secrets are sealed.
CREATE TABLE receiver (
  id               INTEGER PRIMARY KEY,
  name             TEXT NOT NULL UNIQUE,
  url              TEXT NOT NULL,
  secret           TEXT NOT NULL,
  old_secret       TEXT,
  old_secret_until INTEGER,
  format           INTEGER NOT NULL,
  topics           TEXT NOT NULL,  -- with spaces between them
  accounts         TEXT NOT NULL,  -- names with spaces between them; '' for all
  created_at       INTEGER NOT NULL,
  created_by       TEXT NOT NULL,
  status           INTEGER NOT NULL,
  status_reason    TEXT NOT NULL,
  revision         INTEGER NOT NULL,
  -- its place in the feed, which is not moved to another database: there it begins with the first entry
  number           INTEGER NOT NULL DEFAULT 0,
  number_at        INTEGER NOT NULL DEFAULT 0,
  part             INTEGER NOT NULL DEFAULT 0,
  failures         INTEGER NOT NULL,
  failing_for      INTEGER NOT NULL,
  failing_since    INTEGER,
  next_try         INTEGER,
  last_success     INTEGER,
  last_failure     TEXT NOT NULL,
  attempts         INTEGER NOT NULL,
  delivered        INTEGER NOT NULL,
  failed           INTEGER NOT NULL,
  dead             INTEGER NOT NULL,
  lost             INTEGER NOT NULL
) STRICT;

-- The messages that were sent last, or tried.
CREATE TABLE delivery (
  receiver INTEGER NOT NULL REFERENCES receiver(id),
  number   INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  message  TEXT NOT NULL,
  type     TEXT NOT NULL,
  events   INTEGER NOT NULL,
  status   INTEGER NOT NULL,  -- 0 for no answer
  took     INTEGER NOT NULL,
  answer   TEXT NOT NULL,
  PRIMARY KEY (receiver, number)
) STRICT, WITHOUT ROWID;

-- Messages that a receiver rejected too often.
CREATE TABLE dead_letter (
  receiver INTEGER NOT NULL REFERENCES receiver(id),
  number   INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  message  TEXT NOT NULL,
  type     TEXT NOT NULL,
  reason   TEXT NOT NULL,
  body     TEXT NOT NULL,
  due      INTEGER NOT NULL,
  PRIMARY KEY (receiver, number)
) STRICT;
