-- What happened to an account's devices, and the calls to Apple, by day (store/day_counts.h): 400 rows of an account at most.
CREATE TABLE day_count (
  account      bigint NOT NULL,
  day          bigint NOT NULL,  -- its beginning, UTC
  arrived      bigint NOT NULL,
  assigned     bigint NOT NULL,
  calls        bigint NOT NULL,
  failed_calls bigint NOT NULL,
  paused       bigint NOT NULL,  -- ms
  PRIMARY KEY (account, day)
) WITH (fillfactor = 50);
