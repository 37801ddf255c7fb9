-- What operators changed (model/audit.h). The account is a name: entries outlive accounts.
CREATE TABLE audit (
  number  bigint PRIMARY KEY,  -- from 1, without gaps
  at      bigint NOT NULL,
  key     text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  said    text COLLATE "C" NOT NULL,
  request text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  action  text COLLATE "C" NOT NULL,
  object  text COLLATE "C" NOT NULL,
  before  text COLLATE "C" NOT NULL,
  after   text COLLATE "C" NOT NULL,
  digest  text COLLATE "C" NOT NULL
);
CREATE INDEX audit_at ON audit (at, number);
-- The last entry that was removed because of its age: the chain begins behind it.
CREATE TABLE audit_start (
  number bigint NOT NULL,
  digest text COLLATE "C" NOT NULL
);
INSERT INTO audit_start (number, digest) VALUES (0, '');
