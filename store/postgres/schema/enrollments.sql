-- What MDM servers tell of devices (model/mdm/enrollment.h), which name them by serial number and UDID and know no accounts.
CREATE TABLE enrollment (
  serial           text COLLATE "C" PRIMARY KEY,
  udid             text COLLATE "C" NOT NULL,
  account          bigint NOT NULL,  -- where the device is; 0 where no account has it
  authenticated_at bigint,
  enrolled_at      bigint,           -- null while it is not enrolled
  ended_at         bigint,
  last_seen        bigint NOT NULL,
  rule             bigint NOT NULL,  -- 0 for none
  profile          text COLLATE "C" NOT NULL
) WITH (fillfactor = 80);
-- All but the first check-in name a device by its UDID only.
CREATE INDEX enrollment_udid ON enrollment (udid);
-- Those of no account, which are kept up to a number.
CREATE INDEX enrollment_stranger ON enrollment (last_seen) WHERE account = 0;

-- How many devices of an account are enrolled, by the rule whose profile they enrolled with: counted by a trigger, so that no write
-- can forget it.
CREATE TABLE enrolled_count (
  account bigint NOT NULL,
  rule    bigint NOT NULL,  -- 0 for none
  number  bigint NOT NULL,
  PRIMARY KEY (account, rule)
) WITH (fillfactor = 50);
CREATE FUNCTION enrollment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was bool := TG_OP <> 'INSERT' AND OLD.account <> 0 AND OLD.enrolled_at IS NOT NULL;
  is_now bool := TG_OP <> 'DELETE' AND NEW.account <> 0 AND NEW.enrolled_at IS NOT NULL;
BEGIN
  IF was AND is_now AND OLD.account = NEW.account AND OLD.rule = NEW.rule THEN
    RETURN NULL;
  END IF;
  IF was THEN
    UPDATE enrolled_count SET number = number - 1 WHERE account = OLD.account AND rule = OLD.rule;
  END IF;
  IF is_now THEN
    INSERT INTO enrolled_count AS c (account, rule, number) VALUES (NEW.account, NEW.rule, 1)
      ON CONFLICT (account, rule) DO UPDATE SET number = c.number + 1;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER enrollment_changed AFTER INSERT OR UPDATE OR DELETE ON enrollment
  FOR EACH ROW EXECUTE FUNCTION enrollment_changed();

-- Up to when an account's devices that did not enroll in time have been told of, and how many there were then.
CREATE TABLE late_look (
  account    bigint PRIMARY KEY,
  told_until bigint NOT NULL,
  devices    bigint NOT NULL
);

-- What MDM servers sign their messages with (model/mdm/enrollment_webhook.h): one row at most. The secrets are sealed.
CREATE TABLE enrollment_webhook (
  secret           text COLLATE "C" NOT NULL,
  old_secret       text COLLATE "C" NOT NULL,  -- '' for none
  old_secret_until bigint,
  made_at          bigint NOT NULL,
  made_by          text COLLATE "C" NOT NULL
);
