#include "cli/commands/commands.h"

#include <algorithm>

#include "cli/client/command.h"

namespace muster::cli {
namespace {

constexpr Command kCommands[] = {
    {"config", "set", "Save how to reach a server, and make it the active one.", config_set},
    {"config", "switch", "Make another saved server the active one.", config_switch},
    {"config", "print", "Show the saved servers.", config_print},
    {"get", "api-keys", "List the API keys, with their roles and last use.", get_api_keys},
    {"get", "audit", "Show who changed what, the newest first.", get_audit},
    {"get", "backfill", "Show the progress of changed rules among existing devices.", get_backfill,
     Scope::account},
    {"get", "beta-tokens", "Show the tokens with which devices join Apple's beta programs.", get_beta_tokens,
     Scope::account},
    {"get", "bypass-code", "Show the code that opens a device which Apple locked for you.", get_bypass_code,
     Scope::account},
    {"get", "config", "Write the server's lists, profiles and rules as a file for `mdmctl apply -f`.",
     get_config, Scope::account},
    {"get", "devices", "List the devices the server knows, with their enrollment.", get_devices,
     Scope::account},
    {"get", "dep-account", "Show the organisation behind the DEP token, as Apple knows it.", get_dep_account,
     Scope::account},
    {"get", "dep-accounts", "List the DEP accounts with their state, and the remedy for trouble.",
     get_dep_accounts},
    {"get", "dep-autoassigners", "List the rules that give devices a profile.", get_dep_autoassigners,
     Scope::account},
    {"get", "dep-devices", "List the devices of a DEP account, or ask Apple about some.", get_dep_devices,
     Scope::account},
    {"get", "dep-profiles", "List the DEP profiles and their versions, or show one as Apple has it.",
     get_dep_profiles, Scope::account},
    {"get", "dep-status", "The same as get dep-accounts.", get_dep_accounts},
    {"get", "dep-tokens", "Show the DEP tokens, and save the certificate for Apple's portal.", get_dep_tokens,
     Scope::account},
    {"get", "device-list", "Print the serial numbers of a list.", get_device_list, Scope::account},
    {"get", "device-lists", "Show the lists of serial numbers that filters can use.", get_device_lists,
     Scope::account},
    {"get", "device-notes", "Print your own notes on devices.", get_device_notes, Scope::account},
    {"get", "enrollment-discovery", "Show where Apple sends devices for account-driven enrollment.",
     get_enrollment_discovery, Scope::account},
    {"get", "enrollment-webhook", "Show whether messages from MDM servers are accepted.",
     get_enrollment_webhook},
    {"get", "replacement", "Show which device another one replaces.", get_replacement, Scope::account},
    {"get", "servers", "List the servers that share the database, and how many accounts each works.",
     get_servers},
    {"get", "webhook-dead-letters", "List the messages that a webhook rejected too often.",
     get_webhook_dead_letters},
    {"get", "webhook-deliveries", "List the last messages to a webhook, and how it answered.",
     get_webhook_deliveries},
    {"get", "webhooks", "List the webhooks with their status.", get_webhooks},
    {"apply", "", "With -f FILE, apply a configuration of lists, profiles and rules.", apply},
    {"apply", "api-key", "Create an API key, or change what one may do.", apply_api_key},
    {"apply", "dep-account", "Add a DEP account, give it a token, pause or resume it.", apply_dep_account},
    {"apply", "dep-autoassigner", "Give devices a profile by a rule.", apply_dep_autoassigner,
     Scope::account},
    {"apply", "dep-profiles", "Define a DEP profile at Apple from a JSON file.", apply_dep_profiles,
     Scope::account},
    {"apply", "dep-tokens", "Install the token downloaded from Apple's portal.", apply_dep_tokens,
     Scope::account},
    {"apply", "device-list", "Create or change a list of serial numbers from a file.", apply_device_list,
     Scope::account},
    {"apply", "device-notes", "Note names, owners, groups and asset tags of devices from a file.",
     apply_device_notes, Scope::account},
    {"apply", "enrollment-discovery", "Set where Apple sends devices for account-driven enrollment.",
     apply_enrollment_discovery, Scope::account},
    {"apply", "enrollment-webhook", "Accept messages from MDM servers, which report enrollments.",
     apply_enrollment_webhook},
    {"apply", "webhook", "Send events to another program, or change which ones.", apply_webhook},
    {"remove", "api-key", "Remove an API key; it ends at once.", remove_api_key},
    {"remove", "dep-account", "Remove a DEP account from the server, with all its data.", remove_dep_account},
    {"remove", "dep-autoassigner", "Remove a rule; devices keep what they have.", remove_dep_autoassigner,
     Scope::account},
    {"remove", "device-list", "Remove a list of serial numbers that no rule uses.", remove_device_list,
     Scope::account},
    {"remove", "devices", "Remove devices from the server's list.", remove_devices, Scope::account},
    {"remove", "enrollment-discovery", "Remove the address for account-driven enrollment.",
     remove_enrollment_discovery, Scope::account},
    {"remove", "enrollment-webhook", "Stop accepting messages from MDM servers.", remove_enrollment_webhook},
    {"remove", "webhook", "Remove a webhook, with its pending messages.", remove_webhook},
    {"plan", "", "Show what the rules would change among existing devices.", plan, Scope::account},
    {"explain", "", "Explain why a device has its profile.", explain, Scope::account},
    {"hold", "", "Exclude devices from the rules.", hold, Scope::account},
    {"release", "", "End a hold: the rules apply to the devices again.", release, Scope::account},
    {"disown", "dep-devices", "Release devices from the organisation, for ever.", disown_dep_devices,
     Scope::account},
    {"lock", "dep-devices", "Have Apple lock devices (Activation Lock).", lock_dep_devices, Scope::account},
    {"pause", "backfill", "Pause the changes to existing devices.", pause_backfill, Scope::account},
    {"resume", "backfill", "Resume the changes to existing devices.", resume_backfill, Scope::account},
    {"cancel", "backfill", "Cancel the changes to existing devices that are not done yet.", cancel_backfill,
     Scope::account},
    {"rollback", "dep-profile", "Go back to an earlier version of a DEP profile.", rollback_dep_profile,
     Scope::account},
    {"import", "nanodep", "Take accounts over from NanoDEP: tokens, assigners, cursors.", import_nanodep},
    {"import", "micromdm", "Take the account of a MicroMDM server over: token and auto-assigner.",
     import_micromdm},
    {"import", "dep-profiles", "Add the profiles that devices have, and that Muster did not define.",
     import_dep_profiles, Scope::account},
    {"export", "nanodep", "Hand accounts over to NanoDEP, which continues where Muster is.", export_nanodep},
    {"rotate", "master-key", "Seal all secrets of the server with its first master key.", rotate_master_key},
    {"sync", "", "Sync with Apple now, and assign what is new.", sync, Scope::account},
    {"audit", "verify", "Check that no entry of the audit was changed or removed.", audit_verify},
    {"webhook", "test", "Send a test message to a webhook, and show the answer.", webhook_test},
    {"webhook", "replay", "Send messages to a webhook again.", webhook_replay},
    {"webhook", "pause", "Send nothing to a webhook for now; its events are kept.", webhook_pause},
    {"webhook", "resume", "Send to a webhook again, from where it was.", webhook_resume},
    {"backup", "", "Save a copy of the server's database, with its secrets sealed.", backup},
    {"completion", "bash", "Print the script that completes mdmctl's commands in bash.", completion_bash},
    {"completion", "zsh", "Print the script that completes mdmctl's commands in zsh.", completion_zsh},
    {"completion", "fish", "Print the script that completes mdmctl's commands in fish.", completion_fish},
    {"version", "", "Print the version of this program.", version},
};

}  // namespace

std::string Command::name() const {
  return resource.empty() ? std::string(verb) : std::string(verb) + " " + std::string(resource);
}

std::span<const Command> commands() { return kCommands; }

const Command* find_command(std::string_view verb, std::string_view resource) {
  for (const auto& command : kCommands)
    if (command.verb == verb && command.resource == resource) return &command;
  return nullptr;
}

std::vector<std::string> verbs() {
  std::vector<std::string> found;
  for (const auto& command : kCommands)
    if (std::find(found.begin(), found.end(), command.verb) == found.end()) found.emplace_back(command.verb);
  return found;
}

std::vector<std::string> resources_of(std::string_view verb) {
  std::vector<std::string> found;
  for (const auto& command : kCommands)
    if (command.verb == verb && !command.resource.empty()) found.emplace_back(command.resource);
  return found;
}

}  // namespace muster::cli
