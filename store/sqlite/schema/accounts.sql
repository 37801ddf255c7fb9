-- Times are milliseconds since 1970, UTC. Enumerators are numbers in the order of the model's headers.
-- Serial numbers and Apple's words are stored as Apple sends them.

-- Accounts come, pause and go while the server runs.
CREATE TABLE account (
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL UNIQUE,
  base_url        TEXT NOT NULL DEFAULT '',
  paused          INTEGER NOT NULL DEFAULT 0,
  -- shown to nobody, and erased bit by bit, as a million devices take a while
  removed         INTEGER NOT NULL DEFAULT 0,
  -- which server works it: the one there is; and how often its token changed (model/account.h)
  worker          INTEGER NOT NULL DEFAULT 0,
  epoch           INTEGER NOT NULL DEFAULT 0,
  -- the token; all null before one is applied
  consumer_key    TEXT,
  consumer_secret TEXT,
  access_token    TEXT,
  access_secret   TEXT,
  token_expiry    INTEGER,
  -- the key pair; null before it is made
  certificate     TEXT,
  private_key     TEXT,
  -- the last good answer to GET /account; null before it
  server_name     TEXT,
  server_uuid     TEXT,
  org_name        TEXT,
  admin_id        TEXT,
  page_limit      INTEGER,
  apple_json      TEXT,
  -- our clock minus Apple's, in milliseconds; null before an answer told
  clock_offset    INTEGER,
  -- how far the two lists have been read (model/account.h)
  changes_cursor     TEXT NOT NULL DEFAULT '',
  cursor_troubles    INTEGER NOT NULL DEFAULT 0,
  refetch_not_before INTEGER,
  list_cursor        TEXT NOT NULL DEFAULT '',
  list_under_way     INTEGER NOT NULL DEFAULT 0,
  list_number        INTEGER NOT NULL DEFAULT 0,
  list_began         INTEGER,
  next_list          INTEGER,
  baseline_done      INTEGER NOT NULL DEFAULT 0,
  baseline_began     INTEGER,
  taken_over_since   INTEGER,
  many_missing_since INTEGER,
  many_missing       INTEGER NOT NULL DEFAULT 0,
  -- how the last run ended
  last_success    INTEGER,
  last_attempt    INTEGER,
  last_error      TEXT NOT NULL DEFAULT '',
  -- how the account stands with Apple (model/health.h)
  health_state    INTEGER NOT NULL DEFAULT 0,
  health_since    INTEGER,
  health_word     TEXT NOT NULL DEFAULT '',
  health_message  TEXT NOT NULL DEFAULT '',
  health_mend     TEXT NOT NULL DEFAULT '',
  health_told     INTEGER,
  failures        INTEGER NOT NULL DEFAULT 0,
  not_before      INTEGER,
  -- which reminder of its token's end people were given last: when it was due
  health_reminded INTEGER,
  -- A count that grows with everything that belongs to an account's configuration: rules, lists, which version a profile's
  -- name stands for, the account's settings. Two people who change it at once are told apart by it. Triggers, so that no
  -- write can forget it. What machinery writes (a rule that is found broken) keeps its version, and does not count.
  config_revision INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TRIGGER config_account_changed AFTER UPDATE OF base_url, paused ON account
WHEN NEW.base_url <> OLD.base_url OR NEW.paused <> OLD.paused BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.id;
END;

-- The highest id that an account ever had. A new account never gets the id of a removed one: what still holds that id
-- must not reach another organisation's devices.
CREATE TABLE account_number (last INTEGER NOT NULL) STRICT;
INSERT INTO account_number (last) VALUES (0);

-- Only lanes that have trouble (model/lane.h)
CREATE TABLE lane_trouble (
  account  INTEGER NOT NULL REFERENCES account(id),
  lane     INTEGER NOT NULL,
  state    INTEGER NOT NULL,
  since    INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  retry_at INTEGER NOT NULL,
  word     TEXT NOT NULL,
  message  TEXT NOT NULL,
  remedy   TEXT NOT NULL,
  PRIMARY KEY (account, lane)
) STRICT, WITHOUT ROWID;
