-- The serials of the devices that came last are kept in memory (recent_serials.h), and go into the index many at once, in
-- their order. Where the index ends is stored with it: the devices behind are read again when the database is opened.

DROP TRIGGER serial_removed;
ALTER TABLE serial_old RENAME TO serial_index;
INSERT INTO serial_index SELECT owner, number, place FROM serial_recent ORDER BY owner, number;
INSERT INTO serial_index SELECT owner, number, place FROM serial_new ORDER BY owner, number;
DROP TABLE serial_recent;
DROP TABLE serial_new;

CREATE TABLE serial_index_end (
  last INTEGER NOT NULL  -- the device
) STRICT;
INSERT INTO serial_index_end SELECT coalesce(max(id), 0) FROM device;

-- No device is deleted that is not in the index.
CREATE TRIGGER serial_removed AFTER DELETE ON device BEGIN
  DELETE FROM serial_index WHERE owner = OLD.account AND number = OLD.serial;
END;
