-- What the triggers of counts.sql call. In PL/pgSQL, which plans a statement once in a session; functions in SQL are planned at each
-- call, and each page of a list calls them.
CREATE OR REPLACE FUNCTION keep_counts(accounts bigint[], kinds int[], profiles bigint[], rules bigint[], numbers bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kept_count (account, kind, profile, rule, number)
    SELECT account, kind, profile, rule, sum(number) FROM unnest(accounts, kinds, profiles, rules, numbers)
      AS given (account, kind, profile, rule, number)
      GROUP BY account, kind, profile, rule HAVING sum(number) <> 0 ORDER BY account, kind, profile, rule
    ON CONFLICT (account, kind, profile, rule) DO UPDATE SET number = kept_count.number + excluded.number;
END $$;

CREATE OR REPLACE FUNCTION keep_device_counts(sums counted[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_counts(array_agg(s.account), array_agg(c.kind), array_agg(c.profile), array_agg(c.rule), array_agg(c.number))
    FROM unnest(sums) s,
         LATERAL (VALUES (0, 0::bigint, 0::bigint, s.devices), (1, 0, 0, s.uncovered), (2, 0, 0, s.contested),
                         (3, s.profile, s.rule, s.devices)) c (kind, profile, rule, number)
    WHERE c.number <> 0;
END $$;
