-- Accounts come, pause and go while the server runs.

ALTER TABLE account ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
-- An account that was removed: shown to nobody, and erased bit by bit, as a million devices take a while.
ALTER TABLE account ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

-- The highest id that an account ever had. A new account never gets the id of a removed one: what still holds that id
-- must not reach another organisation's devices.
CREATE TABLE account_number (last INTEGER NOT NULL) STRICT;
INSERT INTO account_number (last) SELECT coalesce(max(id), 0) FROM account;
