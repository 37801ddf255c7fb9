-- The keys of the API (model/api_key.h). Of a key's text only a hash is stored.
CREATE TABLE api_key (
  name             TEXT PRIMARY KEY,
  id               TEXT NOT NULL UNIQUE,
  digest           TEXT NOT NULL,
  role             INTEGER NOT NULL,
  for_all_accounts INTEGER NOT NULL,
  created_at       INTEGER NOT NULL,
  created_by       TEXT NOT NULL,
  expires_at       INTEGER,
  used_day         INTEGER,  -- null before the first use
  used_address     TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- The accounts that a key is for, unless it is for all. A removed account takes its rows along, and a key that has none left
-- sees no account.
CREATE TABLE api_key_account (
  key     TEXT NOT NULL REFERENCES api_key(name),
  account INTEGER NOT NULL REFERENCES account(id),
  PRIMARY KEY (key, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_account_account ON api_key_account (account);
