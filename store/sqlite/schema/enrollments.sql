-- What MDM servers tell of devices (model/mdm/enrollment.h), which name them by serial number and UDID and know no accounts.
CREATE TABLE enrollment (
  serial           TEXT PRIMARY KEY,
  udid             TEXT NOT NULL,
  account          INTEGER NOT NULL,  -- where the device is; 0 where no account has it
  authenticated_at INTEGER,
  enrolled_at      INTEGER,           -- null while it is not enrolled
  ended_at         INTEGER,
  last_seen        INTEGER NOT NULL,
  rule             INTEGER NOT NULL,  -- 0 for none
  profile          TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- All but the first check-in name a device by its UDID only.
CREATE INDEX enrollment_udid ON enrollment (udid);
-- Those of no account, which are kept up to a number.
CREATE INDEX enrollment_stranger ON enrollment (last_seen) WHERE account = 0;

-- How many devices of an account are enrolled, by the rule whose profile they enrolled with: counted by triggers, so that no write
-- can forget it.
CREATE TABLE enrolled_count (
  account INTEGER NOT NULL,
  rule    INTEGER NOT NULL,  -- 0 for none
  number  INTEGER NOT NULL,
  PRIMARY KEY (account, rule)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER enrollment_added AFTER INSERT ON enrollment
WHEN NEW.account <> 0 AND NEW.enrolled_at IS NOT NULL BEGIN
  INSERT INTO enrolled_count (account, rule, number) VALUES (NEW.account, NEW.rule, 1)
    ON CONFLICT (account, rule) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER enrollment_removed AFTER DELETE ON enrollment
WHEN OLD.account <> 0 AND OLD.enrolled_at IS NOT NULL BEGIN
  UPDATE enrolled_count SET number = number - 1 WHERE account = OLD.account AND rule = OLD.rule;
END;
CREATE TRIGGER enrollment_left AFTER UPDATE ON enrollment
WHEN OLD.account <> 0 AND OLD.enrolled_at IS NOT NULL BEGIN
  UPDATE enrolled_count SET number = number - 1 WHERE account = OLD.account AND rule = OLD.rule;
END;
CREATE TRIGGER enrollment_joined AFTER UPDATE ON enrollment
WHEN NEW.account <> 0 AND NEW.enrolled_at IS NOT NULL BEGIN
  INSERT INTO enrolled_count (account, rule, number) VALUES (NEW.account, NEW.rule, 1)
    ON CONFLICT (account, rule) DO UPDATE SET number = number + 1;
END;

-- Up to when an account's devices that did not enroll in time have been told of, and how many there were then.
CREATE TABLE late_look (
  account    INTEGER PRIMARY KEY,
  told_until INTEGER NOT NULL,
  devices    INTEGER NOT NULL
) STRICT;

-- What MDM servers sign their messages with (model/mdm/enrollment_webhook.h): one row at most. The secrets are sealed.
CREATE TABLE enrollment_webhook (
  secret           TEXT NOT NULL,
  old_secret       TEXT NOT NULL,  -- '' for none
  old_secret_until INTEGER,
  made_at          INTEGER NOT NULL,
  made_by          TEXT NOT NULL
) STRICT;
