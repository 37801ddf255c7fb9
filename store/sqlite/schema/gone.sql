-- The devices that are gone. Their serials are still in the index of serials, and a position in the list of devices is counted
-- without them, by the indexes alone.
CREATE INDEX device_gone ON device (account, serial) WHERE tombstone_at IS NOT NULL;
