-- How many devices an account has, by what people look at: counted by the statement that changes them, as counting a
-- million takes a second. Tombstones count nowhere.
--
-- kind: 0 devices, 1 uncovered, 2 contested, 3 by profile and rule, 4 assignments. Stored as numbers: never renumber, only append.
CREATE TABLE kept_count (
  account bigint NOT NULL,
  kind    smallint NOT NULL,
  profile bigint NOT NULL,  -- profile_state, of the counts by profile; else 0
  rule    bigint NOT NULL,  -- of the counts by profile: the rule that gave the device its profile, 0 for none; else 0
  number  bigint NOT NULL,
  PRIMARY KEY (account, kind, profile, rule)
) WITH (fillfactor = 50);

-- What the devices of one profile_state and rule count as.
CREATE TYPE counted AS (account bigint, profile bigint, rule bigint, devices bigint, uncovered bigint, contested bigint);

-- 1: Desired::By::rule.
CREATE FUNCTION rule_of(desired_by smallint, desired_rule bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN desired_by = 1 THEN desired_rule ELSE 0 END
$$;

-- Of the triggers. A database of schema 6 has earlier ones.
CREATE OR REPLACE FUNCTION device_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_device_counts(array_agg(ROW(account, profile, rule, devices, uncovered, contested)::counted)) FROM (
    SELECT account, profile, rule_of(desired_by, desired_rule), count(*), count(*) FILTER (WHERE desired_by = 0 AND arrived_at IS NOT NULL),
           count(*) FILTER (WHERE contested_at IS NOT NULL)
      FROM added WHERE tombstone_at IS NULL GROUP BY 1, 2, 3) sums (account, profile, rule, devices, uncovered, contested);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION device_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_device_counts(array_agg(ROW(account, profile, rule, devices, uncovered, contested)::counted)) FROM (
    SELECT account, profile, rule_of(desired_by, desired_rule), -count(*), -count(*) FILTER (WHERE desired_by = 0 AND arrived_at IS NOT NULL),
           -count(*) FILTER (WHERE contested_at IS NOT NULL)
      FROM gone WHERE tombstone_at IS NULL GROUP BY 1, 2, 3) sums (account, profile, rule, devices, uncovered, contested);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION device_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_device_counts(array_agg(ROW(account, profile, rule, devices, uncovered, contested)::counted)) FROM (
    SELECT account, profile, rule_of(desired_by, desired_rule), sum(times), sum(times) FILTER (WHERE desired_by = 0 AND arrived_at IS NOT NULL),
           sum(times) FILTER (WHERE contested_at IS NOT NULL)
      FROM (SELECT account, profile, desired_by, desired_rule, arrived_at, contested_at, 1 FROM added WHERE tombstone_at IS NULL
            UNION ALL
            SELECT account, profile, desired_by, desired_rule, arrived_at, contested_at, -1 FROM gone WHERE tombstone_at IS NULL)
           changed (account, profile, desired_by, desired_rule, arrived_at, contested_at, times)
      GROUP BY 1, 2, 3) sums (account, profile, rule, devices, uncovered, contested);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION assignment_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_counts(array_agg(account), array_agg(4), array_agg(0::bigint), array_agg(0::bigint), array_agg(number))
    FROM (SELECT account, count(*) FROM added GROUP BY account) sums (account, number);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION assignment_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_counts(array_agg(account), array_agg(4), array_agg(0::bigint), array_agg(0::bigint), array_agg(number))
    FROM (SELECT account, -count(*) FROM gone GROUP BY account) sums (account, number);
  RETURN NULL;
END $$;
