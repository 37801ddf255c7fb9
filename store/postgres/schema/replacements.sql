-- Whether a device that replaces another one takes over what operators noted and decided of that (docs/replacements.md). A
-- setting of the account, and a part of its configuration.
ALTER TABLE account ADD COLUMN inherit_replacements bigint NOT NULL DEFAULT 0;
CREATE TRIGGER config_replacements_changed BEFORE UPDATE ON account
  FOR EACH ROW WHEN (NEW.inherit_replacements <> OLD.inherit_replacements)
  EXECUTE FUNCTION config_settings_changed();
