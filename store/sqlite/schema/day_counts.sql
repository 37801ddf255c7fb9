-- What happened to an account's devices, and the calls to Apple, by day (store/day_counts.h): 400 rows of an account at most.
CREATE TABLE day_count (
  account      INTEGER NOT NULL,
  day          INTEGER NOT NULL,  -- its beginning, UTC
  arrived      INTEGER NOT NULL,
  assigned     INTEGER NOT NULL,
  calls        INTEGER NOT NULL,
  failed_calls INTEGER NOT NULL,
  paused       INTEGER NOT NULL,  -- ms
  PRIMARY KEY (account, day)
) STRICT, WITHOUT ROWID;
