-- Codes that open devices which Apple locked for us (model/device_lock.h). The code is sealed. No device is needed: one that has left
-- may be locked still.
CREATE TABLE device_lock (
  account     bigint NOT NULL REFERENCES account(id),
  serial      text COLLATE "C" NOT NULL,
  code        text COLLATE "C" NOT NULL,
  made_at     bigint NOT NULL,
  made_by     text COLLATE "C" NOT NULL,
  unanswered  bigint NOT NULL,
  word        text COLLATE "C" NOT NULL,
  answered_at bigint,
  locked_at   bigint,
  PRIMARY KEY (account, serial)
);
