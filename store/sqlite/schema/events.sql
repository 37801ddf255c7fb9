-- What somebody outside is to be told of an account (model/event.h), until the webhook's receiver has taken it.
CREATE TABLE event (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  account    INTEGER NOT NULL REFERENCES account(id),
  created_at INTEGER NOT NULL,
  body       TEXT NOT NULL
) STRICT;
CREATE INDEX event_account ON event (account);
