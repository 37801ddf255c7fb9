// The handlers of the API, grouped by file. routes.cc documents the calls.
#pragma once

#include "api/context.h"

namespace muster::api {

Result<http::Response> get_version(const Call& call);
// metrics.cc
Result<http::Response> get_metrics(const Call& call);
Result<http::Response> get_healthz(const Call& call);
Result<http::Response> get_readyz(const Call& call);
Result<http::Response> get_servers(const Call& call);
Result<http::Response> get_day_counts(const Call& call);

namespace micromdm {
// dep_tokens.cc
Result<http::Response> get_dep_tokens(const Call& call);
Result<http::Response> put_dep_tokens(const Call& call);
// dep_account.cc
Result<http::Response> get_dep_account(const Call& call);
// dep_devices.cc
Result<http::Response> post_dep_devices(const Call& call);
// dep_profiles.cc
Result<http::Response> post_dep_profiles(const Call& call);
Result<http::Response> put_dep_profiles(const Call& call);
Result<http::Response> delete_dep_profiles(const Call& call);
Result<http::Response> post_dep_assign(const Call& call);
// dep_autoassigners.cc
Result<http::Response> get_dep_autoassigners(const Call& call);
Result<http::Response> post_dep_autoassigners(const Call& call);
Result<http::Response> delete_dep_autoassigners(const Call& call);
// devices.cc
Result<http::Response> post_devices(const Call& call);
Result<http::Response> delete_devices(const Call& call);
// syncnow.cc
Result<http::Response> post_syncnow(const Call& call);
}  // namespace micromdm

namespace nanodep {
// dep_names.cc
Result<http::Response> get_dep_names(const Call& call);
// tokens.cc
Result<http::Response> get_token_pki(const Call& call);
Result<http::Response> put_token_pki(const Call& call);
Result<http::Response> get_tokens(const Call& call);
Result<http::Response> put_tokens(const Call& call);
// config.cc
Result<http::Response> get_config(const Call& call);
Result<http::Response> put_config(const Call& call);
Result<http::Response> get_assigner(const Call& call);
Result<http::Response> put_assigner(const Call& call);
// maid_jwt.cc
Result<http::Response> get_maid_jwt(const Call& call);
// bypass_code.cc
Result<http::Response> get_bypass_code(const Call& call);
// devices.cc
Result<http::Response> get_devices(const Call& call);
Result<http::Response> delete_devices(const Call& call);
// proxy.cc
Result<http::Response> proxy_reading(const Call& call);
Result<http::Response> proxy_change(const Call& call);
// proxied_profiles.cc
Result<http::Response> proxy_definition(const Call& call);
Result<http::Response> proxy_assignment(const Call& call);
Result<http::Response> proxy_removal(const Call& call);
}  // namespace nanodep

namespace muster_v1 {
// accounts.cc
Result<http::Response> get_accounts(const Call& call);
// account.cc
Result<http::Response> put_account(const Call& call);
Result<http::Response> delete_account(const Call& call);
// handover/export.cc
Result<http::Response> get_account_export(const Call& call);
// handover/import.cc
Result<http::Response> post_account_import(const Call& call);
Result<http::Response> post_profiles_import(const Call& call);
// rules.cc
Result<http::Response> get_rules(const Call& call);
Result<http::Response> put_rule(const Call& call);
Result<http::Response> delete_rule(const Call& call);
// backfill.cc
Result<http::Response> get_backfill(const Call& call);
Result<http::Response> post_backfill(const Call& call);
// backup.cc
Result<http::Response> get_backup(const Call& call);
// config.cc
Result<http::Response> get_config(const Call& call);
// description.cc
Result<http::Response> get_openapi(const Call& call);
Result<http::Response> get_docs(const Call& call);
// device.cc
Result<http::Response> get_device(const Call& call);
Result<http::Response> get_device_history(const Call& call);
// devices.cc
Result<http::Response> get_devices(const Call& call);
// events.cc
Result<http::Response> get_events(const Call& call);
// filters.cc
Result<http::Response> get_filters(const Call& call);
// apple/apple_service.cc
Result<http::Response> get_beta_tokens(const Call& call);
Result<http::Response> get_enrollment_discovery(const Call& call);
Result<http::Response> put_enrollment_discovery(const Call& call);
Result<http::Response> delete_enrollment_discovery(const Call& call);
Result<http::Response> get_replacement(const Call& call);
// apple/lock.cc
Result<http::Response> post_locks(const Call& call);
Result<http::Response> get_device_bypass_code(const Call& call);
// apple/disown.cc
Result<http::Response> post_disowned(const Call& call);
// holds.cc
Result<http::Response> post_holds(const Call& call);
Result<http::Response> delete_holds(const Call& call);
// security/audit.cc
Result<http::Response> get_audit(const Call& call);
Result<http::Response> get_audit_check(const Call& call);
// security/enrollment_webhook.cc
Result<http::Response> get_enrollment_webhook(const Call& call);
Result<http::Response> put_enrollment_webhook(const Call& call);
Result<http::Response> delete_enrollment_webhook(const Call& call);
// security/webhooks.cc
Result<http::Response> get_webhooks(const Call& call);
Result<http::Response> put_webhook(const Call& call);
Result<http::Response> delete_webhook(const Call& call);
Result<http::Response> post_webhook_test(const Call& call);
Result<http::Response> post_webhook_replay(const Call& call);
Result<http::Response> post_webhook_pause(const Call& call);
Result<http::Response> post_webhook_resume(const Call& call);
Result<http::Response> get_webhook_deliveries(const Call& call);
Result<http::Response> get_webhook_dead_letters(const Call& call);
// security/keys.cc
Result<http::Response> get_keys(const Call& call);
Result<http::Response> put_key(const Call& call);
Result<http::Response> delete_key(const Call& call);
// lists.cc
Result<http::Response> get_lists(const Call& call);
Result<http::Response> get_list(const Call& call);
Result<http::Response> put_list(const Call& call);
Result<http::Response> delete_list(const Call& call);
// master_key.cc
Result<http::Response> post_master_key_rotation(const Call& call);
// security/mdm_webhook.cc
Result<http::Response> post_mdm_webhook(const Call& call);
// notes.cc
Result<http::Response> get_notes(const Call& call);
Result<http::Response> put_notes(const Call& call);
// plan.cc
Result<http::Response> get_plan(const Call& call);
Result<http::Response> post_plan(const Call& call);
// profile_move.cc
Result<http::Response> post_profile_move(const Call& call);
// profile_check.cc
Result<http::Response> post_profile_check(const Call& call);
// profiles.cc
Result<http::Response> get_profiles(const Call& call);
Result<http::Response> get_profile(const Call& call);
Result<http::Response> post_profile_rollback(const Call& call);
}  // namespace muster_v1

}  // namespace muster::api
