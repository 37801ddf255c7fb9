-- How many devices an account has, by what people look at (kept_counts.h): counted by the transaction that changes them,
-- as counting a million takes a second. A later step that changes devices or assignments has to fill it again.

CREATE TABLE kept_count (
  account INTEGER NOT NULL,
  kind    INTEGER NOT NULL,  -- KeptCounts::Kind
  profile TEXT NOT NULL,     -- '' but for the counts by profile
  number  INTEGER NOT NULL,  -- never 0: then there is no row
  PRIMARY KEY (account, kind, profile)
) STRICT, WITHOUT ROWID;

INSERT INTO kept_count SELECT account, 0, '', count(*) FROM device WHERE tombstone_at IS NULL GROUP BY account;
INSERT INTO kept_count SELECT account, 1, '', count(*) FROM device
  WHERE desired_by = 0 AND arrived_at IS NOT NULL AND tombstone_at IS NULL GROUP BY account;
INSERT INTO kept_count SELECT account, 2, '', count(*) FROM device
  WHERE contested_at IS NOT NULL AND tombstone_at IS NULL GROUP BY account;
INSERT INTO kept_count SELECT account, 3, profile_uuid, count(*) FROM device
  WHERE profile_status IN ('assigned', 'pushed') AND tombstone_at IS NULL GROUP BY account, profile_uuid;
INSERT INTO kept_count SELECT account, 4, '', count(*) FROM assignment GROUP BY account;

-- They were there for these counts only.
DROP INDEX device_contested;
DROP INDEX device_uncovered;
