// Turns a database of the present schema into one of an earlier version, without what later versions added.
#pragma once

namespace muster::test {

inline constexpr const char* kSqliteBackTo2 =
    "ALTER TABLE account DROP COLUMN taken_over_since; DROP TABLE ended_session; DROP TABLE day_count; DROP TABLE enrollment; DROP TABLE enrolled_count; DROP TABLE enrollment_webhook; DROP TABLE device_lock; DROP TABLE delivery; DROP TABLE dead_letter; DROP TABLE receiver; DROP TABLE feed; DROP TABLE api_key_account; DROP TABLE api_key; DROP TABLE audit; DROP TABLE audit_start; "
    "PRAGMA user_version = 2;";
/// From 2.
inline constexpr const char* kSqliteBackTo1 = "DROP TABLE sealing; PRAGMA user_version = 1;";

inline constexpr const char* kPostgresBackTo2 =
    "ALTER TABLE account DROP COLUMN taken_over_since; DROP TABLE ended_session, day_count, enrollment, enrolled_count, enrollment_webhook; DROP FUNCTION enrollment_changed; DROP TABLE device_lock, delivery, dead_letter, receiver; DROP TABLE feed; DROP SEQUENCE feed_number; DROP FUNCTION number_feed, shorten_feed; "
    "DROP TABLE api_key_account, api_key, audit, audit_start; DROP FUNCTION tell_keys; "
    "UPDATE muster_schema SET version = 2;";
/// From 2.
inline constexpr const char* kPostgresBackTo1 =
    "DROP TABLE sealing, server_keys, commit_mark; UPDATE muster_schema SET version = 1;";

}  // namespace muster::test
