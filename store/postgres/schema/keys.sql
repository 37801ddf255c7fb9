-- The keys of the API (model/api_key.h). Of a key's text only a hash is stored.
CREATE TABLE api_key (
  name             text COLLATE "C" PRIMARY KEY,
  id               text COLLATE "C" NOT NULL UNIQUE,
  digest           text COLLATE "C" NOT NULL,
  role             bigint NOT NULL,
  for_all_accounts bigint NOT NULL,
  created_at       bigint NOT NULL,
  created_by       text COLLATE "C" NOT NULL,
  expires_at       bigint,
  used_day         bigint,  -- null before the first use
  used_address     text COLLATE "C" NOT NULL DEFAULT ''
);

-- The accounts that a key is for, unless it is for all. A removed account takes its rows along, and a key that has none left
-- sees no account.
CREATE TABLE api_key_account (
  key     text COLLATE "C" NOT NULL REFERENCES api_key(name),
  account bigint NOT NULL REFERENCES account(id),
  PRIMARY KEY (key, account)
);
CREATE INDEX api_key_account_account ON api_key_account (account);

-- Every server forgets what it knows of keys when one changes, but not when one was used.
CREATE FUNCTION tell_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('muster', 'keys');
  RETURN NULL;
END $$;
CREATE TRIGGER key_changed AFTER INSERT OR DELETE OR UPDATE OF id, digest, role, for_all_accounts, expires_at ON api_key
  FOR EACH STATEMENT EXECUTE FUNCTION tell_keys();
CREATE TRIGGER key_account_changed AFTER INSERT OR DELETE ON api_key_account
  FOR EACH STATEMENT EXECUTE FUNCTION tell_keys();
