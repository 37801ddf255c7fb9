#include "store/move/table.h"

#include <algorithm>

#include "base/text/strings.h"

namespace muster::move {
namespace {

constexpr Table kTables[] = {
    {.name = "account",
     .columns =
         "id, name, base_url, paused, removed, epoch, consumer_key, consumer_secret, access_token, "
         "access_secret, token_expiry, certificate, private_key, server_name, server_uuid, org_name, "
         "admin_id, page_limit, apple_json, clock_offset, changes_cursor, cursor_troubles, "
         "refetch_not_before, list_cursor, list_under_way, list_number, list_began, next_list, "
         "baseline_done, baseline_began, taken_over_since, many_missing_since, many_missing, last_success, last_attempt, "
         "last_error, health_state, health_since, health_word, health_message, health_mend, "
         "health_told, failures, not_before, health_reminded, config_revision, inherit_replacements",
     .order = "id"},
    {.name = "lane_trouble",
     .columns = "account, lane, state, since, failures, retry_at, word, message, remedy",
     .order = "account, lane"},
    {.name = "kind",
     .columns = "id, account, model, description, color, family, os, assigned_by",
     .order = "id"},
    {.name = "profile_state", .columns = "id, account, status, uuid", .order = "id"},
    {.name = "detail", .columns = "id, account, text", .order = "id"},
    {.name = "device",
     .columns =
         "id, account, serial, tombstone_at, kind, profile, desired_by, desired_profile, desired_rule, "
         "desired_at, assigned_at, other, profile_assign_time, profile_push_time, last_operation, "
         "last_op_date, first_seen, arrived_at, contested_at, baseline, tombstone_reason, "
         "arrival_due_before, asked_after, asset_tag",
     .order = "id"},
    {.name = "history", .columns = "id, device, at, kind, detail", .order = "id"},
    {.name = "history_thinned", .columns = "last", .order = "last", .kind = Table::Kind::one_row},
    {.name = "assignment",
     .columns =
         "device, account, profile, serial, state, urgency, attempts, next_try, last_answer, created_at",
     .order = "device"},
    {.name = "sent_batch",
     .columns = "id, account, profile, urgency, first_try, first_device, last_try, last_device, sent_at",
     .order = "id"},
    {.name = "question",
     .columns = "account, kind, serial, operation, op_date, since, next_try, attempts",
     .order = "account, kind, serial"},
    {.name = "profile",
     .columns = "id, account, uuid, name, version, document, defined_at, defined_by, unknown_at_apple",
     .order = "id"},
    {.name = "current_profile", .columns = "account, name, uuid", .order = "account, name"},
    {.name = "profile_trouble",
     .columns = "account, uuid, word, since, failures, retry_at",
     .order = "account, uuid"},
    {.name = "rule",
     .columns =
         "id, account, name, filter, priority, scope, profile_uuid, profile_name, version, created_at, "
         "updated_at, broken, enroll_within",
     .order = "id"},
    {.name = "backfill", .columns = "account, state, position, planned, changed, began", .order = "account"},
    {.name = "profile_move", .columns = "account, from_uuid, to_uuid", .order = "account, from_uuid"},
    {.name = "note", .columns = "account, serial, name, owner, grp, asset_tag", .order = "account, serial"},
    {.name = "device_list", .columns = "id, account, name, version, updated_at", .order = "id"},
    {.name = "device_list_member", .columns = "list, serial", .order = "list, serial"},
    {.name = "api_key",
     .columns =
         "name, id, digest, role, for_all_accounts, created_at, created_by, expires_at, used_day, used_address",
     .order = "name"},
    {.name = "api_key_account", .columns = "key, account", .order = "key, account"},
    {.name = "ended_session", .columns = "session, until", .order = "session"},
    {.name = "audit",
     .columns = "number, at, key, address, said, request, account, action, object, before, after, digest",
     .order = "number"},
    {.name = "audit_start", .columns = "number, digest", .order = "number", .kind = Table::Kind::one_row},
    {.name = "event", .columns = "id, account, created_at, body", .order = "id"},
    {.name = "receiver",
     .columns =
         "name, id, url, secret, old_secret, old_secret_until, format, topics, accounts, created_at, "
         "created_by, status, status_reason, revision, failures, failing_for, failing_since, next_try, "
         "last_success, last_failure, attempts, delivered, failed, dead, lost",
     .order = "name"},
    {.name = "delivery",
     .columns = "receiver, number, at, message, type, events, status, took, answer",
     .order = "receiver, number"},
    {.name = "dead_letter",
     .columns = "receiver, number, at, message, type, reason, body, due",
     .order = "receiver, number"},
    {.name = "device_lock",
     .columns = "account, serial, code, made_at, made_by, unanswered, word, answered_at, locked_at",
     .order = "account, serial"},
    {.name = "enrollment",
     .columns = "serial, udid, account, authenticated_at, enrolled_at, ended_at, last_seen, rule, profile",
     .order = "serial"},
    {.name = "enrolled_count",
     .columns = "account, rule, number",
     .order = "account, rule",
     .kind = Table::Kind::counts,
     .compared = "number <> 0"},
    {.name = "late_look", .columns = "account, told_until, devices", .order = "account"},
    {.name = "day_count",
     .columns = "account, day, arrived, assigned, calls, failed_calls, paused",
     .order = "account, day"},
    {.name = "enrollment_webhook",
     .columns = "secret, old_secret, old_secret_until, made_at, made_by",
     .order = "made_at"},
    {.name = "sealing", .columns = "proof, overwritten", .order = "proof", .kind = Table::Kind::one_row},
    {.name = "kept_count",
     .columns = "account, kind, part, rule, number",
     .order = "account, kind, part, rule",
     .kind = Table::Kind::counts,
     // Only SQLite counts by kind of device (5), and only PostgreSQL keeps what became 0.
     .compared = "kind < 5 AND number <> 0"},
};

}  // namespace

std::vector<std::string> Table::column_names() const { return split_list(columns, ','); }

size_t Table::place_of(std::string_view column) const {
  const auto names = column_names();
  return static_cast<size_t>(std::find(names.begin(), names.end(), column) - names.begin());
}

std::span<const Table> tables() { return kTables; }

}  // namespace muster::move
