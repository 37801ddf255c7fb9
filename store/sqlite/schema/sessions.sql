-- Sessions of the console that somebody signed out of (store/keys.h), until they would have ended by themselves.
CREATE TABLE ended_session (
  session TEXT PRIMARY KEY,  -- a digest of its text
  until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_session_until ON ended_session (until);
