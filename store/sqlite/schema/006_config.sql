-- A count that grows with everything that belongs to an account's configuration: rules, lists, which version a profile's
-- name stands for, the account's settings. Two people who change it at once are told apart by it. Triggers, so that no
-- write can forget it. What machinery writes (a rule that is found broken) keeps its version, and does not count.

ALTER TABLE account ADD COLUMN config_revision INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER config_rule_added AFTER INSERT ON assigner BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_rule_changed AFTER UPDATE OF version ON assigner WHEN NEW.version <> OLD.version BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_rule_removed AFTER DELETE ON assigner BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = OLD.account;
END;

CREATE TRIGGER config_list_added AFTER INSERT ON device_list BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_list_changed AFTER UPDATE OF version ON device_list WHEN NEW.version <> OLD.version BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_list_removed AFTER DELETE ON device_list BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = OLD.account;
END;

CREATE TRIGGER config_profile_added AFTER INSERT ON current_profile BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;
CREATE TRIGGER config_profile_changed AFTER UPDATE OF uuid ON current_profile WHEN NEW.uuid <> OLD.uuid BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.account;
END;

CREATE TRIGGER config_account_changed AFTER UPDATE OF base_url, paused ON account
WHEN NEW.base_url <> OLD.base_url OR NEW.paused <> OLD.paused BEGIN
  UPDATE account SET config_revision = config_revision + 1 WHERE id = NEW.id;
END;
