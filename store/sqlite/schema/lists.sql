-- What people know beside Apple: notes on devices, and lists of serial numbers. Both may name serials that no run has
-- shown yet.

CREATE TABLE note (
  account   INTEGER NOT NULL REFERENCES account(id),
  serial    TEXT NOT NULL,
  name      TEXT NOT NULL,
  owner     TEXT NOT NULL,
  grp       TEXT NOT NULL,
  asset_tag TEXT NOT NULL,
  PRIMARY KEY (account, serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_list (
  id         INTEGER PRIMARY KEY,
  account    INTEGER NOT NULL REFERENCES account(id),
  name       TEXT NOT NULL,
  version    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (account, name)
) STRICT;
CREATE TABLE device_list_member (
  list   INTEGER NOT NULL REFERENCES device_list(id),
  serial TEXT NOT NULL,
  PRIMARY KEY (list, serial)
) STRICT, WITHOUT ROWID;
-- For a device: the lists it is in.
CREATE INDEX device_list_member_serial ON device_list_member (serial);

CREATE TRIGGER config_list_added AFTER INSERT ON device_list BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_list_changed AFTER UPDATE OF version ON device_list WHEN NEW.version <> OLD.version BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_list_removed AFTER DELETE ON device_list BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = OLD.account;
END;
