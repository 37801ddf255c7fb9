-- Whether a device that replaces another one takes over what operators noted and decided of that (docs/replacements.md). A
-- setting of the account, and a part of its configuration.
ALTER TABLE account ADD COLUMN inherit_replacements INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER config_replacements_changed AFTER UPDATE OF inherit_replacements ON account
WHEN NEW.inherit_replacements <> OLD.inherit_replacements BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.id;
END;
