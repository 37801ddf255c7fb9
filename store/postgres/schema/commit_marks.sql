-- Each transaction that writes leaves its number here, in the row of its connection. If the answer to its COMMIT is lost, the row tells
-- on another connection whether it was committed, and is locked until that is decided. PostgreSQL's own number of the transaction
-- does not: after a crash, and on a standby that was promoted, another transaction may get it.
CREATE TABLE commit_mark (
  connection bigint PRIMARY KEY,
  number     bigint NOT NULL,
  at         timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
