-- That secrets are sealed (store/sealing.h): one row, once they are.
CREATE TABLE sealing (
  proof       text COLLATE "C" NOT NULL,  -- a known text, sealed: a server that has not its key must not start
  overwritten bigint NOT NULL             -- whether the table `account` is free of secrets that were stored in plain
);

-- The numbers of each server's master keys, the first one sealing, with spaces between them: servers that cannot open what others
-- seal must not work together.
CREATE TABLE server_keys (
  server  bigint PRIMARY KEY,
  numbers text COLLATE "C" NOT NULL
);
