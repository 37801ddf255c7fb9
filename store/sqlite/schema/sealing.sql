-- That secrets are sealed (store/sealing.h): one row, once they are.
CREATE TABLE sealing (
  proof       TEXT NOT NULL,    -- a known text, sealed: a server that has not its key must not start
  overwritten INTEGER NOT NULL  -- whether the file is free of secrets that were stored in plain
) STRICT;
