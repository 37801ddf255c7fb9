-- How many devices an account has, by what people look at (kept_counts.h): counted by the transaction that changes them,
-- as counting a million takes a second.
CREATE TABLE kept_count (
  account INTEGER NOT NULL,
  kind    INTEGER NOT NULL,  -- KeptCounts::Kind
  part    INTEGER NOT NULL,  -- profile_state, of the counts by profile; kind, of those by kind; else 0
  rule    INTEGER NOT NULL,  -- of the counts by profile: the rule that gave the device its profile, 0 for none; else 0
  number  INTEGER NOT NULL,  -- never 0: then there is no row
  PRIMARY KEY (account, kind, part, rule)
) STRICT, WITHOUT ROWID;
