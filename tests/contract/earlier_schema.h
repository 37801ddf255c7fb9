// Turns a database of the present schema into one of an earlier version, without what later versions added.
#pragma once

namespace muster::test {

inline constexpr const char* kSqliteBackTo2 =
    "DROP INDEX device_gone; DROP INDEX account_consumer; DROP INDEX account_service; "
    "CREATE TABLE earlier_count (account INTEGER NOT NULL, kind INTEGER NOT NULL, part INTEGER NOT NULL, "
    "number INTEGER NOT NULL, PRIMARY KEY (account, kind, part)) STRICT, WITHOUT ROWID; "
    "INSERT INTO earlier_count SELECT account, kind, part, sum(number) FROM kept_count GROUP BY account, kind, part; "
    "DROP TABLE kept_count; ALTER TABLE earlier_count RENAME TO kept_count; "
    "DROP TRIGGER config_replacements_changed; ALTER TABLE account DROP COLUMN inherit_replacements; "
    "ALTER TABLE account DROP COLUMN taken_over_since; DROP TABLE ended_session; DROP TABLE day_count; DROP TABLE enrollment; ALTER TABLE rule DROP COLUMN enroll_within; DROP TABLE late_look; DROP TABLE enrolled_count; DROP TABLE enrollment_webhook; DROP TABLE device_lock; DROP TABLE delivery; DROP TABLE dead_letter; DROP TABLE receiver; DROP TABLE feed; DROP TABLE api_key_account; DROP TABLE api_key; DROP TABLE audit; DROP TABLE audit_start; "
    "PRAGMA user_version = 2;";
/// From 2.
inline constexpr const char* kSqliteBackTo1 = "DROP TABLE sealing; PRAGMA user_version = 1;";

inline constexpr const char* kPostgresBackTo2 =
    "DROP INDEX account_consumer, account_service; "
    "CREATE TABLE earlier_count (account bigint NOT NULL, kind smallint NOT NULL, profile bigint NOT NULL, "
    "number bigint NOT NULL, CONSTRAINT kept_before PRIMARY KEY (account, kind, profile)); "
    "INSERT INTO earlier_count SELECT account, kind, profile, sum(number) FROM kept_count GROUP BY 1, 2, 3; "
    "DROP TABLE kept_count; ALTER TABLE earlier_count RENAME TO kept_count; "
    "ALTER INDEX kept_before RENAME TO kept_count_pkey; "
    "DROP FUNCTION keep_device_counts, keep_counts, rule_of; DROP TYPE counted; CREATE TYPE counted AS (account bigint); "
    "CREATE FUNCTION keep_counts() RETURNS void LANGUAGE sql AS ''; "
    "CREATE FUNCTION keep_device_counts() RETURNS void LANGUAGE sql AS ''; "
    "DROP TRIGGER config_replacements_changed ON account; ALTER TABLE account DROP COLUMN inherit_replacements; "
    "ALTER TABLE account DROP COLUMN taken_over_since; ALTER TABLE rule DROP COLUMN enroll_within; DROP TABLE late_look, ended_session, day_count, enrollment, enrolled_count, enrollment_webhook; DROP FUNCTION enrollment_changed; DROP TABLE device_lock, delivery, dead_letter, receiver; DROP TABLE feed; DROP SEQUENCE feed_number; DROP FUNCTION number_feed, shorten_feed; "
    "DROP TABLE api_key_account, api_key, audit, audit_start; DROP FUNCTION tell_keys; "
    "UPDATE muster_schema SET version = 2;";
/// From 2.
inline constexpr const char* kPostgresBackTo1 =
    "DROP TABLE sealing, server_keys, commit_mark; UPDATE muster_schema SET version = 1;";

}  // namespace muster::test
