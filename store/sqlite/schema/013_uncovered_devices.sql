-- The devices that arrived and that no rule covered, in order of serial, for who wants to see them: a few among many, so that
-- looking for them among all would take seconds. How many they are is kept elsewhere (kept_counts.h).

CREATE INDEX device_uncovered ON device (account, serial)
  WHERE desired_by = 0 AND arrived_at IS NOT NULL AND tombstone_at IS NULL;
