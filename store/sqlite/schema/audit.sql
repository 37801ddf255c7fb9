-- What operators changed (model/audit.h). The account is a name: entries outlive accounts.
CREATE TABLE audit (
  number  INTEGER PRIMARY KEY,  -- from 1, without gaps
  at      INTEGER NOT NULL,
  key     TEXT NOT NULL,
  address TEXT NOT NULL,
  said    TEXT NOT NULL,
  request TEXT NOT NULL,
  account TEXT NOT NULL,
  action  TEXT NOT NULL,
  object  TEXT NOT NULL,
  before  TEXT NOT NULL,
  after   TEXT NOT NULL,
  digest  TEXT NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at);
-- The last entry that was removed because of its age: the chain begins behind it.
CREATE TABLE audit_start (
  number INTEGER NOT NULL,
  digest TEXT NOT NULL
) STRICT;
INSERT INTO audit_start (number, digest) VALUES (0, '');
