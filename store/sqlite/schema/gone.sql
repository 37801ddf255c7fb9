-- The devices that are gone. The index of serials still has them; a position in the list of devices is counted without them, by
-- these two indexes alone.
CREATE INDEX device_gone ON device (account, serial) WHERE tombstone_at IS NOT NULL;
