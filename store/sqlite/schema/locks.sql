-- Codes that open devices which Apple locked for us (model/device_lock.h). The code is sealed. No device is needed: one that has left
-- may be locked still.
CREATE TABLE device_lock (
  account     INTEGER NOT NULL REFERENCES account(id),
  serial      TEXT NOT NULL,
  code        TEXT NOT NULL,
  made_at     INTEGER NOT NULL,
  made_by     TEXT NOT NULL,
  unanswered  INTEGER NOT NULL,
  word        TEXT NOT NULL,
  answered_at INTEGER,
  locked_at   INTEGER,
  PRIMARY KEY (account, serial)
) STRICT, WITHOUT ROWID;
