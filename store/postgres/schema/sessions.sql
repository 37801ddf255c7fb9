-- Sessions of the console that somebody signed out of (store/keys.h), until they would have ended by themselves.
CREATE TABLE ended_session (
  session text COLLATE "C" PRIMARY KEY,  -- a digest of its text
  until   bigint NOT NULL
);
CREATE INDEX ended_session_until ON ended_session (until);
-- Every server asks again (keys.sql).
CREATE TRIGGER session_ended AFTER INSERT ON ended_session FOR EACH STATEMENT EXECUTE FUNCTION tell_keys();
