-- Webhooks (model/receiver.h). URL and secrets are sealed.
CREATE TABLE receiver (
  id               bigint PRIMARY KEY,
  name             text COLLATE "C" NOT NULL UNIQUE,
  url              text COLLATE "C" NOT NULL,
  secret           text COLLATE "C" NOT NULL,
  old_secret       text COLLATE "C",
  old_secret_until bigint,
  format           bigint NOT NULL,
  topics           text COLLATE "C" NOT NULL,  -- with spaces between them
  accounts         text COLLATE "C" NOT NULL,  -- names with spaces between them; '' for all
  created_at       bigint NOT NULL,
  created_by       text COLLATE "C" NOT NULL,
  status           bigint NOT NULL,
  status_reason    text COLLATE "C" NOT NULL,
  revision         bigint NOT NULL,
  -- its place in the feed, which is not moved to another database: there it begins with the first entry
  number           bigint NOT NULL DEFAULT 0,
  number_at        bigint NOT NULL DEFAULT 0,
  part             bigint NOT NULL DEFAULT 0,
  failures         bigint NOT NULL,
  failing_for      bigint NOT NULL,
  failing_since    bigint,
  next_try         bigint,
  last_success     bigint,
  last_failure     text COLLATE "C" NOT NULL,
  attempts         bigint NOT NULL,
  delivered        bigint NOT NULL,
  failed           bigint NOT NULL,
  dead             bigint NOT NULL,
  lost             bigint NOT NULL,
  -- who sends to it, and until when nobody else does
  sender           bigint NOT NULL DEFAULT 0,
  sender_until     timestamptz NOT NULL DEFAULT '-infinity'
);

-- The messages that were sent last, or tried.
CREATE TABLE delivery (
  receiver bigint NOT NULL REFERENCES receiver(id),
  number   bigint NOT NULL,
  at       bigint NOT NULL,
  message  text COLLATE "C" NOT NULL,
  type     text COLLATE "C" NOT NULL,
  events   bigint NOT NULL,
  status   bigint NOT NULL,  -- 0 for no answer
  took     bigint NOT NULL,
  answer   text COLLATE "C" NOT NULL,
  PRIMARY KEY (receiver, number)
);

-- Messages that a receiver rejected too often.
CREATE TABLE dead_letter (
  receiver bigint NOT NULL REFERENCES receiver(id),
  number   bigint NOT NULL,
  at       bigint NOT NULL,
  message  text COLLATE "C" NOT NULL,
  type     text COLLATE "C" NOT NULL,
  reason   text COLLATE "C" NOT NULL,
  body     text COLLATE "C" NOT NULL,
  due      bigint NOT NULL,
  PRIMARY KEY (receiver, number)
);

-- In place of feed.sql's: keeps, beside the newest 10,000, what a receiver has not had yet, up to 200,000 (store/receivers.h). Ids and
-- numbers are not in the same order: an entry in front of the one that a receiver has had last may be behind it for those who read.
CREATE OR REPLACE FUNCTION shorten_feed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  reached CONSTANT bigint := (SELECT min(number) FROM receiver WHERE status <> 2);
  too_many CONSTANT bigint := NEW.id - 200000;
  last bigint := NEW.id - 10000;
BEGIN
  IF reached IS NOT NULL THEN
    last := greatest(too_many, least(last, (SELECT id FROM feed WHERE number = reached)));
  END IF;
  DELETE FROM feed WHERE id IN (SELECT id FROM feed
    WHERE id <= last AND (reached IS NULL OR id <= too_many OR number < reached) FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $$;
