-- Times are milliseconds since 1970, UTC. Enumerators are numbers in the order of the model's headers.
-- Serials and words of Apple's are kept as Apple wrote them.

CREATE TABLE account (
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL UNIQUE,
  base_url        TEXT NOT NULL DEFAULT '',
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
  -- how far the device list has been read
  phase           INTEGER NOT NULL DEFAULT 0,
  cursor          TEXT NOT NULL DEFAULT '',
  baseline_done   INTEGER NOT NULL DEFAULT 0,
  -- how the last run ended
  last_success    INTEGER,
  last_attempt    INTEGER,
  last_error      TEXT NOT NULL DEFAULT ''
) STRICT;

-- In order of arrival: rows are appended, and the serial's index is the only one. A table clustered by serial was
-- measured six times slower to fill with a million random serials.
CREATE TABLE device (
  id                  INTEGER PRIMARY KEY,
  account             INTEGER NOT NULL REFERENCES account(id),
  serial              TEXT NOT NULL,
  model               TEXT NOT NULL,
  description         TEXT NOT NULL,
  color               TEXT NOT NULL,
  asset_tag           TEXT NOT NULL,
  family              TEXT NOT NULL,
  os                  TEXT NOT NULL,
  profile_status      TEXT NOT NULL,
  profile_uuid        TEXT NOT NULL,
  profile_assign_time INTEGER,
  profile_push_time   INTEGER,
  assigned_by         TEXT NOT NULL,
  assigned_at         INTEGER,
  other               TEXT NOT NULL,
  last_operation      INTEGER NOT NULL,
  last_op_date        INTEGER,
  desired_by          INTEGER NOT NULL,
  desired_profile     TEXT NOT NULL,
  desired_assigner    INTEGER NOT NULL,
  desired_at          INTEGER,
  tombstone_reason    INTEGER,
  tombstone_at        INTEGER,
  first_seen          INTEGER NOT NULL,
  arrived_at          INTEGER
) STRICT;
CREATE UNIQUE INDEX device_serial ON device (account, serial);

CREATE TABLE history (
  id     INTEGER PRIMARY KEY,
  device INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  kind   INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX history_device ON history (device);

CREATE TABLE assigner (
  id           INTEGER PRIMARY KEY,
  account      INTEGER NOT NULL REFERENCES account(id),
  filter       TEXT NOT NULL,
  profile_uuid TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  broken       TEXT NOT NULL,
  UNIQUE (account, filter)
) STRICT;

CREATE TABLE profile (
  id               INTEGER PRIMARY KEY,
  account          INTEGER NOT NULL REFERENCES account(id),
  uuid             TEXT NOT NULL,
  name             TEXT NOT NULL,
  document         TEXT NOT NULL,
  defined_at       INTEGER NOT NULL,
  unknown_at_apple TEXT NOT NULL,
  UNIQUE (account, uuid)
) STRICT;

CREATE TABLE assignment (
  device       INTEGER PRIMARY KEY,
  account      INTEGER NOT NULL REFERENCES account(id),
  profile_uuid TEXT NOT NULL,
  state        INTEGER NOT NULL,
  urgency      INTEGER NOT NULL,
  attempts     INTEGER NOT NULL,
  next_try     INTEGER NOT NULL,
  last_answer  TEXT NOT NULL,
  created_at   INTEGER NOT NULL
) STRICT;
-- For the worker: what is due, most urgent and longest waiting first.
CREATE INDEX assignment_work ON assignment (account, state, urgency, next_try, profile_uuid);
