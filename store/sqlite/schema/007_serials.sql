-- Which device has which serial, in two tables of one form. Serials come in no order: put into one large index a page of
-- 1,000 devices changes nearly as many of its pages, each of them written twice. So they are put into a small one, and some
-- ten thousand at once, in their order, into the large one (device.cc). A serial is in one of the two.
--
-- No column has a name of `device`'s, so that statements over both need not say which is meant.

CREATE TABLE serial_old (
  owner  INTEGER NOT NULL,  -- the account
  number TEXT NOT NULL,
  place  INTEGER NOT NULL,  -- the device
  PRIMARY KEY (owner, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE serial_new (
  owner  INTEGER NOT NULL,
  number TEXT NOT NULL,
  place  INTEGER NOT NULL,
  PRIMARY KEY (owner, number)
) STRICT, WITHOUT ROWID;

INSERT INTO serial_old SELECT account, serial, id FROM device ORDER BY account, serial;
DROP INDEX device_serial;

CREATE TRIGGER serial_removed AFTER DELETE ON device BEGIN
  DELETE FROM serial_new WHERE owner = OLD.account AND number = OLD.serial;
  DELETE FROM serial_old WHERE owner = OLD.account AND number = OLD.serial;
END;
