-- How the account stands with Apple (model/health.h), and when its full list is read again.
ALTER TABLE account ADD COLUMN health_state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN health_since INTEGER;
ALTER TABLE account ADD COLUMN health_word TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN health_message TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN health_mend TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN health_told INTEGER;
ALTER TABLE account ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN not_before INTEGER;
ALTER TABLE account ADD COLUMN next_full INTEGER;
ALTER TABLE account ADD COLUMN cursor_troubles INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN refetch_not_before INTEGER;

ALTER TABLE device ADD COLUMN contested_at INTEGER;
-- Few rows each, for the counts that people look at.
CREATE INDEX device_contested ON device (account) WHERE contested_at IS NOT NULL;
CREATE INDEX device_uncovered ON device (account)
  WHERE desired_by = 0 AND arrived_at IS NOT NULL AND tombstone_at IS NULL;
