// The commands' functions. What concerns one thing is in one file, named as the thing: dep_devices.cc.
//
// Each declares its flags, checks what it was given before it sends anything, and prints to Call::out().
#pragma once

#include "base/result.h"

namespace muster::cli {

class Call;

Result<> apply(Call& call);
Result<> apply_api_key(Call& call);
Result<> apply_dep_account(Call& call);
Result<> apply_dep_autoassigner(Call& call);
Result<> apply_dep_profiles(Call& call);
Result<> apply_dep_tokens(Call& call);
Result<> apply_device_list(Call& call);
Result<> apply_device_notes(Call& call);
Result<> apply_enrollment_discovery(Call& call);
Result<> apply_enrollment_webhook(Call& call);
Result<> apply_webhook(Call& call);
Result<> audit_verify(Call& call);
Result<> backup(Call& call);
Result<> cancel_backfill(Call& call);
Result<> completion_bash(Call& call);
Result<> completion_fish(Call& call);
Result<> completion_zsh(Call& call);
Result<> config_print(Call& call);
Result<> config_set(Call& call);
Result<> config_switch(Call& call);
Result<> disown_dep_devices(Call& call);
Result<> explain(Call& call);
Result<> export_nanodep(Call& call);
Result<> get_api_keys(Call& call);
Result<> get_audit(Call& call);
Result<> get_backfill(Call& call);
Result<> get_beta_tokens(Call& call);
Result<> get_bypass_code(Call& call);
Result<> get_config(Call& call);
Result<> get_dep_account(Call& call);
Result<> get_dep_accounts(Call& call);
Result<> get_dep_autoassigners(Call& call);
Result<> get_dep_devices(Call& call);
Result<> get_dep_profiles(Call& call);
Result<> get_dep_tokens(Call& call);
Result<> get_device_list(Call& call);
Result<> get_device_lists(Call& call);
Result<> get_device_notes(Call& call);
Result<> get_devices(Call& call);
Result<> get_enrollment_discovery(Call& call);
Result<> get_replacement(Call& call);
Result<> get_servers(Call& call);
Result<> get_enrollment_webhook(Call& call);
Result<> get_webhook_dead_letters(Call& call);
Result<> get_webhook_deliveries(Call& call);
Result<> get_webhooks(Call& call);
Result<> hold(Call& call);
Result<> import_dep_profiles(Call& call);
Result<> import_micromdm(Call& call);
Result<> import_nanodep(Call& call);
Result<> lock_dep_devices(Call& call);
Result<> pause_backfill(Call& call);
Result<> plan(Call& call);
Result<> release(Call& call);
Result<> remove_api_key(Call& call);
Result<> remove_dep_account(Call& call);
Result<> remove_dep_autoassigner(Call& call);
Result<> remove_device_list(Call& call);
Result<> remove_devices(Call& call);
Result<> remove_enrollment_discovery(Call& call);
Result<> remove_enrollment_webhook(Call& call);
Result<> remove_webhook(Call& call);
Result<> resume_backfill(Call& call);
Result<> rollback_dep_profile(Call& call);
Result<> rotate_master_key(Call& call);
Result<> sync(Call& call);
Result<> version(Call& call);
Result<> webhook_pause(Call& call);
Result<> webhook_replay(Call& call);
Result<> webhook_resume(Call& call);
Result<> webhook_test(Call& call);

}  // namespace muster::cli
