-- What happened lately (model/feed.h). One writer: the ids are in the order of the commits. The newest is never removed, so that
-- none is given twice.
CREATE TABLE feed (
  id      INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,  -- 0 for none
  at      INTEGER NOT NULL,
  type    INTEGER NOT NULL,
  body    TEXT NOT NULL
) STRICT;
-- So that there always is a newest one, from which to go on. It is of no type: nobody is told of it, nor of those whose account
-- was removed.
INSERT INTO feed (account, at, type, body) VALUES (0, strftime('%s', 'now') * 1000, -1, '{"first":true}');
