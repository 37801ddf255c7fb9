// The server's API. All calls require a key (docs/security.md), except those that say otherwise; the table
// has the role that each needs. docs/api.md is the reference, docs/openapi.yaml the same for programs.
//
//   MicroMDM's API, byte for byte:
//   GET     /v1/dep-tokens          token with secrets, and public key; creates the key pair if necessary
//   PUT     /v1/dep-tokens          {"p7m_content"}: decrypts the token file, verifies the token, stores it
//   GET     /v1/dep/account         account details, from Apple
//   POST    /v1/dep/devices         {"serials"}: devices, from Apple
//   POST    /v1/dep/profiles        {"uuid"}: the profile, from Apple
//   PUT     /v1/dep/profiles        a profile: defines it at Apple and assigns its `devices`; ?if_changed=1
//   DELETE  /v1/dep/profiles        {"serials"}: removes the devices' profiles
//   POST    /v1/dep/assign          {"id", "serials"}: manual assignment
//   GET     /v1/dep/autoassigners   the rules
//   POST    /v1/dep/autoassigners   {"filter", "profile_uuid"}: saves a rule
//   DELETE  /v1/dep/autoassigners   {"filter"}: removes a rule
//   POST    /v1/dep/syncnow         requests a sync; ?full=1; ?wait=SECONDS returns progress; ?sync_id=N
//   POST    /v1/devices             {"filter_serial", "page", "per_page"}: devices from the database
//   DELETE  /v1/devices             {"Opts": {"serials"}}: removes devices from the database
//   GET     /version                no key required
//
//   NanoDEP's API, byte for byte (docs/from-nanodep.md). {account} is a DEP name:
//   GET     /v1/dep_names           ?dep_name=&limit=&offset=&cursor=: the accounts
//   GET     /v1/tokenpki/{account}  ?cn=&validity_days=: creates a key pair, returns its certificate
//   PUT     /v1/tokenpki/{account}  a token file: decrypts it, verifies the token, stores it; ?force=1
//   GET     /v1/tokens/{account}    the token, with secrets
//   PUT     /v1/tokens/{account}    a token: verifies and stores it; ?force=1
//   GET     /v1/config/{account}    the address of Apple's service
//   PUT     /v1/config/{account}    {"base_url"}
//   GET     /v1/assigner/{account}  the profile of the rule `*`
//   PUT     /v1/assigner/{account}  ?profile_uuid=: saves the rule `*`
//   GET     /v1/maidjwt/{account}   ?server_uuid=: a token for devices with Managed Apple Accounts
//   GET     /v1/bypasscode          ?raw= or ?code=: a bypass code in three forms; a new one without
//   GET     /v1/devices             ?dep_name=&serial=&limit=&offset=: devices from the database
//   DELETE  /v1/devices             ?dep_name=&serial=: removes devices from the database
//   POST    /proxy/{account}/profile          Apple's call, in Apple's form: defines a profile
//   POST    /proxy/{account}/profile/devices  assigns it; so does PUT
//   DELETE  /proxy/{account}/profile/devices  removes the devices' profiles
//   GET     /proxy/{account}/{path...}        passes a call on to Apple with the account's session; POST and
//                                             DELETE do the same
//
//   Muster's own API. (p) marks calls with preview options: dry_run, max_changes, revision, limit, cursor.
//   GET     /metrics                metrics for Prometheus
//   GET     /healthz                whether the process works; no key required
//   GET     /readyz                 whether it can use its database; no key required
//   GET     /api/v1/accounts        the accounts: state, schedule, counts
//   PUT     /api/v1/accounts/{name} creates or changes an account
//   GET     /api/v1/accounts/{name}/export    what another server needs to go on with it, with secrets
//   POST    /api/v1/accounts/{name}/import    takes it over from another server; "dry_run" shows what would
//                                             be
//   DELETE  /api/v1/accounts/{name} removes an account with its data
//   GET     /api/v1/audit           ?since=&until=&who=&what=&account=&cursor=&limit=: who changed what,
//                                   newest first
//   GET     /api/v1/audit/check     ?known=NUMBER:DIGEST: whether the audit is as it was written
//   GET     /api/v1/rules           the rules in order; ?counts=1
//   PUT     /api/v1/rules           creates or changes a rule (p)
//   DELETE  /api/v1/rules           {"filter"} or {"name"}: removes a rule (p)
//   GET     /api/v1/backfill        the progress of the backfill
//   POST    /api/v1/backfill        {"action": "pause", "resume" or "cancel"}
//   GET     /api/v1/backup          a consistent copy of the database, with secrets
//   GET     /api/docs               docs/openapi.yaml as a page to read; no key required
//   GET     /api/v1/beta-tokens     tokens for Apple's beta programs, from Apple
//   GET     /api/v1/config          an account's settings, lists, profiles and rules, with the revision
//   GET     /api/v1/day-counts      ?account=&days=: what happened on each day, counted
//   GET     /api/v1/devices         ?account=&filter=&uncovered=&late=&cursor=&limit=: devices, page by page
//   GET     /api/v1/device-positions          ?filter=: how many devices there are, and cursors at equal
//                                             distances
//   GET     /api/v1/devices/{account}/{serial}          one device, and what each rule says about it
//   GET     /api/v1/devices/{account}/{serial}/history  its history; ?at=TIME adds the state at that time
//   GET     /api/v1/devices/{account}/{serial}/bypass-code      the code that opens it, if Muster locked it
//   POST    /api/v1/disowned        {"serials", "permanent"}: releases devices from the organisation;
//                                   "dry_run" shows them
//   GET     /api/v1/enrollment-discovery      where Apple sends devices for account-driven enrollment
//   PUT     /api/v1/enrollment-discovery      {"url"}: sets it
//   DELETE  /api/v1/enrollment-discovery      removes it
//   GET     /api/v1/enrollment-webhook        whether messages from MDM servers are accepted
//   PUT     /api/v1/enrollment-webhook        {"secret", "overlap"}: sets the secret that they need, or makes
//                                             one
//   DELETE  /api/v1/enrollment-webhook        removes it: none are taken
//   GET     /api/v1/events          ?account=&types=: what happens, as it happens
//   GET     /api/v1/filters         ?account=&filter=: checks a filter, counts its devices; ?check=1: only
//                                   checks
//   POST    /api/v1/holds           {"serials"}: puts devices on hold
//   DELETE  /api/v1/holds           {"serials"}: releases devices
//   GET     /api/v1/keys            the keys of the API, without their texts
//   PUT     /api/v1/keys/{name}     {"role", "accounts", "expires_in", "new_key"}: creates or changes a key
//   DELETE  /api/v1/keys/{name}     removes a key
//   GET     /api/v1/lists           the lists of serial numbers
//   GET     /api/v1/lists/{name}    ?cursor=&limit=: a list, with its serial numbers
//   PUT     /api/v1/lists/{name}    {"csv", "mode", "version"}: creates or changes a list (p)
//   DELETE  /api/v1/lists/{name}    removes a list that no rule uses
//   POST    /api/v1/locks           {"serials", "message"}: locks devices (Activation Lock); "dry_run" shows
//                                   them
//   POST    /api/v1/master-key/rotate         seals all secrets with the first master key
//   GET     /api/v1/notes           ?cursor=&limit=: operators' notes on devices
//   PUT     /api/v1/notes           {"csv"}: changes notes (p)
//   GET     /api/v1/openapi.yaml    docs/openapi.yaml; no key required
//   GET     /api/v1/plan            ?limit=&cursor=: what the rules would change among existing devices
//   POST    /api/v1/plan            {"rule"} or {"remove_rule"}: what this change would do
//   GET     /api/v1/profiles        the registry: profiles defined through Muster
//   POST    /api/v1/profiles/import           adds the profiles that devices have, from Apple; "dry_run"
//                                             shows them
//   POST    /api/v1/profiles/validate         a profile: checks it without asking Apple
//   GET     /api/v1/profiles/{name}           ?version=: a profile, with its document and versions
//   POST    /api/v1/profiles/{name}/move      moves devices to the current version (p)
//   POST    /api/v1/profiles/{name}/rollback  {"version"}: makes another version current (p)
//   GET     /api/v1/replacements/{serial}     which device this one stands for, from Apple
//   GET     /api/v1/session         whose key the call has, and what it may do
//   POST    /api/v1/session         signs in to the console: the key becomes a cookie
//   DELETE  /api/v1/session         signs out
//   GET     /api/v1/servers         the servers of the database, and how many accounts each works
//   POST    /webhook/mdm            a message of MicroMDM, NanoMDM or NanoHUB, with a signature; no key
//                                   required
//   GET     /api/v1/webhooks        the webhooks, without their secrets, and how each fares
//   PUT     /api/v1/webhooks/{name}           {"url", "topics", "accounts", "format", "secret", ...}: creates
//                                             or changes one
//   DELETE  /api/v1/webhooks/{name}           removes one
//   POST    /api/v1/webhooks/{name}/test      sends a test message now
//   POST    /api/v1/webhooks/{name}/replay    {"since"} or {"dead_letters"}: sends again
//   POST    /api/v1/webhooks/{name}/pause     keeps what happens from now on
//   POST    /api/v1/webhooks/{name}/resume    goes on where it was
//   GET     /api/v1/webhooks/{name}/deliveries      ?limit=: the last messages, and how they were answered
//   GET     /api/v1/webhooks/{name}/dead-letters    messages that were rejected too often
//
//   GET     /, /assets/...         the web console (api/console/); no key required
#include "api/routing/route_table.h"

#include <utility>

#include "api/query.h"
#include "base/text/strings.h"

namespace muster::api {
namespace {

constexpr Needs kOpen = std::nullopt, kMetrics = Role::metrics, kRead = Role::read, kOperate = Role::operate,
                kAdmin = Role::admin;

constexpr RouteEntry kEntries[] = {
    {"GET", "/version", kOpen, get_version, "", "", Pace::quick, Concerns::nothing},
    {"GET", "/metrics", kMetrics, get_metrics, "", "", Pace::quick, Concerns::own_accounts},
    {"GET", "/healthz", kOpen, get_healthz, "", "", Pace::quick, Concerns::nothing},
    {"GET", "/readyz", kOpen, get_readyz, "", "", Pace::quick, Concerns::nothing},
    {"GET", "/v1/dep-tokens", kAdmin, micromdm::get_dep_tokens, "account"},
    {"PUT", "/v1/dep-tokens", kAdmin, micromdm::put_dep_tokens, "account force", "p7m_content new_key",
     Pace::slow},
    {"GET", "/v1/dep/account", kRead, micromdm::get_dep_account, "account", "", Pace::slow},
    {"POST", "/v1/dep/devices", kRead, micromdm::post_dep_devices, "account", "serials", Pace::slow},
    {"POST", "/v1/dep/profiles", kRead, micromdm::post_dep_profiles, "account", "uuid", Pace::slow},
    {"PUT", "/v1/dep/profiles", kOperate, micromdm::put_dep_profiles,
     "account if_changed dry_run max_changes limit cursor revision", kDocument, Pace::slow},
    {"DELETE", "/v1/dep/profiles", kOperate, micromdm::delete_dep_profiles, "account", "serials", Pace::slow},
    {"POST", "/v1/dep/assign", kOperate, micromdm::post_dep_assign, "account", "id serials", Pace::slow},
    {"GET", "/v1/dep/autoassigners", kRead, micromdm::get_dep_autoassigners, "account"},
    {"POST", "/v1/dep/autoassigners", kOperate, micromdm::post_dep_autoassigners, "account",
     "filter profile_uuid", Pace::slow},
    {"DELETE", "/v1/dep/autoassigners", kOperate, micromdm::delete_dep_autoassigners, "account", "filter"},
    {"POST", "/v1/dep/syncnow", kOperate, micromdm::post_syncnow, "account wait sync_id full", "",
     Pace::slow_with_wait},
    {"POST", "/v1/devices", kRead, micromdm::post_devices, "account",
     "page per_page filter_serial filter_udid"},
    {"DELETE", "/v1/devices", kOperate, micromdm::delete_devices, "account dep_name serial+",
     "Opts udids serials"},
    {"GET", "/v1/devices", kRead, nanodep::get_devices, "dep_name+ serial+ limit offset", "", Pace::quick,
     Concerns::own_accounts},
    {"GET", "/v1/dep_names", kRead, nanodep::get_dep_names, "dep_name+ limit offset cursor", "", Pace::quick,
     Concerns::own_accounts},
    {"GET", "/v1/tokenpki/{account}", kAdmin, nanodep::get_token_pki, "cn validity_days"},
    {"PUT", "/v1/tokenpki/{account}", kAdmin, nanodep::put_token_pki, "force", kDocument, Pace::slow},
    {"GET", "/v1/tokens/{account}", kAdmin, nanodep::get_tokens},
    {"PUT", "/v1/tokens/{account}", kAdmin, nanodep::put_tokens, "force", kDocument, Pace::slow},
    {"GET", "/v1/config/{account}", kRead, nanodep::get_config},
    {"PUT", "/v1/config/{account}", kAdmin, nanodep::put_config, "", "base_url", Pace::slow},
    {"GET", "/v1/assigner/{account}", kRead, nanodep::get_assigner},
    {"PUT", "/v1/assigner/{account}", kOperate, nanodep::put_assigner, "profile_uuid", "", Pace::slow},
    {"GET", "/v1/maidjwt/{account}", kAdmin, nanodep::get_maid_jwt, "server_uuid", "", Pace::slow},
    {"GET", "/v1/bypasscode", kRead, nanodep::get_bypass_code, "raw code", "", Pace::quick,
     Concerns::nothing},
    // What changes something that Muster knows of is recorded as by a call of its own; what reads may be
    // anybody's; the rest is for admins, for nobody here knows what it does.
    {"POST", "/proxy/{account}/profile", kOperate, nanodep::proxy_definition, "", kDocument, Pace::slow},
    {"POST", "/proxy/{account}/profile/devices", kOperate, nanodep::proxy_assignment, "",
     "profile_uuid devices", Pace::slow},
    {"PUT", "/proxy/{account}/profile/devices", kOperate, nanodep::proxy_assignment, "",
     "profile_uuid devices", Pace::slow},
    {"DELETE", "/proxy/{account}/profile/devices", kOperate, nanodep::proxy_removal, "",
     "profile_uuid devices", Pace::slow},
    {"POST", "/proxy/{account}/devices", kRead, nanodep::proxy_reading, "", "devices", Pace::slow},
    {"POST", "/proxy/{account}/server/devices", kRead, nanodep::proxy_reading, "", "cursor limit",
     Pace::slow},
    {"POST", "/proxy/{account}/devices/sync", kRead, nanodep::proxy_reading, "", "cursor limit", Pace::slow},
    {"GET", "/proxy/{account}/{path...}", kRead, nanodep::proxy_reading, kPassedOn, "", Pace::slow},
    {"POST", "/proxy/{account}/{path...}", kAdmin, nanodep::proxy_change, kPassedOn, kDocument, Pace::slow},
    {"DELETE", "/proxy/{account}/{path...}", kAdmin, nanodep::proxy_change, kPassedOn, kDocument, Pace::slow},
    {"GET", "/api/v1/accounts", kRead, muster_v1::get_accounts, "", "", Pace::quick, Concerns::own_accounts},
    {"PUT", "/api/v1/accounts/{name}", kAdmin, muster_v1::put_account, "account force",
     "p7m_content token base_url paused inherit_replacements revision", Pace::slow},
    {"DELETE", "/api/v1/accounts/{name}", kAdmin, muster_v1::delete_account},
    {"GET", "/api/v1/accounts/{name}/export", kAdmin, muster_v1::get_account_export},
    {"POST", "/api/v1/accounts/{name}/import", kAdmin, muster_v1::post_account_import, "",
     "source token base_url key_pairs assigner_profile_uuid profile_uuids cursor arrivals_since dry_run",
     Pace::slow},
    {"GET", "/api/v1/audit", kAdmin, muster_v1::get_audit, "since until who what account cursor limit", "",
     Pace::quick, Concerns::installation},
    {"GET", "/api/v1/audit/check", kAdmin, muster_v1::get_audit_check, "known", "", Pace::quick,
     Concerns::installation},
    {"GET", "/api/v1/rules", kRead, muster_v1::get_rules, "account counts"},
    {"PUT", "/api/v1/rules", kOperate, muster_v1::put_rule, "account",
     "filter name priority scope profile_uuid profile_name no_profile enroll_within dry_run max_changes limit cursor revision",
     Pace::slow},
    {"DELETE", "/api/v1/rules", kOperate, muster_v1::delete_rule, "account",
     "filter name dry_run max_changes limit cursor revision"},
    {"GET", "/api/v1/backfill", kRead, muster_v1::get_backfill, "account"},
    {"POST", "/api/v1/backfill", kOperate, muster_v1::post_backfill, "account", "action"},
    {"GET", "/api/v1/backup", kAdmin, muster_v1::get_backup, "", "", Pace::quick, Concerns::installation},
    {"GET", "/api/v1/beta-tokens", kRead, muster_v1::get_beta_tokens, "account", "", Pace::slow},
    {"GET", "/api/v1/config", kRead, muster_v1::get_config, "account"},
    // What is in the repository for all to read is no secret, and tools ask without a key.
    {"GET", "/api/v1/openapi.yaml", kOpen, muster_v1::get_openapi, "", "", Pace::quick, Concerns::nothing},
    {"GET", "/api/docs", kOpen, muster_v1::get_docs, "", "", Pace::quick, Concerns::nothing},
    {"GET", "/api/v1/devices", kRead, muster_v1::get_devices, "account filter uncovered late cursor limit",
     "", Pace::quick, Concerns::account_or_all},
    {"GET", "/api/v1/day-counts", kRead, get_day_counts, "account days"},
    {"GET", "/api/v1/device-positions", kRead, muster_v1::get_device_positions, "account filter"},
    {"GET", "/api/v1/devices/{account}/{serial}", kRead, muster_v1::get_device, "account"},
    {"GET", "/api/v1/devices/{account}/{serial}/history", kRead, muster_v1::get_device_history, "account at"},
    {"GET", "/api/v1/devices/{account}/{serial}/bypass-code", kAdmin, muster_v1::get_device_bypass_code,
     "account"},
    {"POST", "/api/v1/disowned", kAdmin, muster_v1::post_disowned, "account", "serials permanent dry_run",
     Pace::slow},
    {"GET", "/api/v1/enrollment-discovery", kRead, muster_v1::get_enrollment_discovery, "account", "",
     Pace::slow},
    {"PUT", "/api/v1/enrollment-discovery", kAdmin, muster_v1::put_enrollment_discovery, "account", "url",
     Pace::slow},
    {"DELETE", "/api/v1/enrollment-discovery", kAdmin, muster_v1::delete_enrollment_discovery, "account", "",
     Pace::slow},
    // Without an account it is about all that the key is for.
    {"GET", "/api/v1/events", kRead, muster_v1::get_events, "account types", "", Pace::quick,
     Concerns::own_accounts},
    {"GET", "/api/v1/filters", kRead, muster_v1::get_filters, "account filter check"},
    {"POST", "/api/v1/holds", kOperate, muster_v1::post_holds, "account", "serials"},
    {"DELETE", "/api/v1/holds", kOperate, muster_v1::delete_holds, "account", "serials"},
    {"GET", "/api/v1/keys", kAdmin, muster_v1::get_keys, "", "", Pace::quick, Concerns::installation},
    {"PUT", "/api/v1/keys/{name}", kAdmin, muster_v1::put_key, "", "role accounts expires_in new_key",
     Pace::quick, Concerns::installation},
    {"DELETE", "/api/v1/keys/{name}", kAdmin, muster_v1::delete_key, "", "", Pace::quick,
     Concerns::installation},
    {"GET", "/api/v1/lists", kRead, muster_v1::get_lists, "account"},
    {"GET", "/api/v1/lists/{name}", kRead, muster_v1::get_list, "account cursor limit"},
    {"PUT", "/api/v1/lists/{name}", kOperate, muster_v1::put_list, "account",
     "csv column mode version allow_empty dry_run max_changes limit cursor revision"},
    {"DELETE", "/api/v1/lists/{name}", kOperate, muster_v1::delete_list, "account", "revision"},
    {"POST", "/api/v1/locks", kAdmin, muster_v1::post_locks, "account", "serials message dry_run",
     Pace::slow},
    {"POST", "/api/v1/master-key/rotate", kAdmin, muster_v1::post_master_key_rotation, "", "", Pace::quick,
     Concerns::installation},
    {"GET", "/api/v1/notes", kRead, muster_v1::get_notes, "account cursor limit"},
    {"PUT", "/api/v1/notes", kOperate, muster_v1::put_notes, "account",
     "csv column dry_run max_changes limit cursor revision"},
    {"GET", "/api/v1/plan", kRead, muster_v1::get_plan, "account limit cursor"},
    {"POST", "/api/v1/plan", kRead, muster_v1::post_plan, "account", "rule remove_rule limit cursor"},
    {"GET", "/api/v1/profiles", kRead, muster_v1::get_profiles, "account"},
    {"POST", "/api/v1/profiles/validate", kRead, muster_v1::post_profile_check, "", kDocument, Pace::quick,
     Concerns::nothing},
    {"POST", "/api/v1/profiles/import", kOperate, muster_v1::post_profiles_import, "account", "dry_run",
     Pace::slow},
    // Names of profiles may have slashes in them.
    {"GET", "/api/v1/profiles/{name...}", kRead, muster_v1::get_profile, "account version"},
    {"POST", "/api/v1/profiles/{name...}/move", kOperate, muster_v1::post_profile_move, "account",
     "dry_run max_changes limit cursor revision"},
    {"GET", "/api/v1/replacements/{serial}", kRead, muster_v1::get_replacement, "account", "", Pace::slow},
    {"GET", "/api/v1/session", kMetrics, nullptr, "", "", Pace::quick, Concerns::nothing,
     muster_v1::get_session},
    {"POST", "/api/v1/session", kRead, nullptr, "", "", Pace::quick, Concerns::nothing,
     muster_v1::post_session},
    {"DELETE", "/api/v1/session", kMetrics, nullptr, "", "", Pace::quick, Concerns::nothing,
     muster_v1::delete_session},
    {"GET", "/api/v1/servers", kRead, get_servers, "", "", Pace::quick, Concerns::own_accounts},
    {"POST", "/webhook/mdm", kOpen, muster_v1::post_mdm_webhook, "", kDocument, Pace::slow,
     Concerns::nothing},
    {"GET", "/api/v1/enrollment-webhook", kAdmin, muster_v1::get_enrollment_webhook, "", "", Pace::quick,
     Concerns::installation},
    {"PUT", "/api/v1/enrollment-webhook", kAdmin, muster_v1::put_enrollment_webhook, "", "secret overlap",
     Pace::quick, Concerns::installation},
    {"DELETE", "/api/v1/enrollment-webhook", kAdmin, muster_v1::delete_enrollment_webhook, "", "",
     Pace::quick, Concerns::installation},
    {"GET", "/api/v1/webhooks", kAdmin, muster_v1::get_webhooks, "", "", Pace::quick, Concerns::installation},
    {"PUT", "/api/v1/webhooks/{name}", kAdmin, muster_v1::put_webhook, "",
     "url topics accounts format secret new_secret overlap", Pace::quick, Concerns::installation},
    {"DELETE", "/api/v1/webhooks/{name}", kAdmin, muster_v1::delete_webhook, "", "", Pace::quick,
     Concerns::installation},
    {"POST", "/api/v1/webhooks/{name}/test", kAdmin, muster_v1::post_webhook_test, "", "", Pace::slow,
     Concerns::installation},
    {"POST", "/api/v1/webhooks/{name}/replay", kAdmin, muster_v1::post_webhook_replay, "",
     "since dry_run dead_letters", Pace::quick, Concerns::installation},
    {"POST", "/api/v1/webhooks/{name}/pause", kAdmin, muster_v1::post_webhook_pause, "", "", Pace::quick,
     Concerns::installation},
    {"POST", "/api/v1/webhooks/{name}/resume", kAdmin, muster_v1::post_webhook_resume, "", "", Pace::quick,
     Concerns::installation},
    {"GET", "/api/v1/webhooks/{name}/deliveries", kAdmin, muster_v1::get_webhook_deliveries, "limit", "",
     Pace::quick, Concerns::installation},
    {"GET", "/api/v1/webhooks/{name}/dead-letters", kAdmin, muster_v1::get_webhook_dead_letters, "", "",
     Pace::quick, Concerns::installation},
    {"POST", "/api/v1/profiles/{name...}/rollback", kOperate, muster_v1::post_profile_rollback, "account",
     "version dry_run max_changes limit cursor revision"},
};

}  // namespace

std::span<const RouteEntry> route_table() { return kEntries; }

std::vector<KnownCall> known_calls() {
  std::vector<KnownCall> calls;
  for (const auto& entry : kEntries) {
    KnownCall known;
    known.method = entry.method;
    known.pattern = entry.pattern;
    known.takes_document = entry.members == kDocument;
    known.passes_on = entry.parameters == kPassedOn;
    known.role = entry.role;
    known.concerns = entry.concerns;
    if (!known.takes_document) known.members = split_list(entry.members, ' ');
    if (!known.passes_on) known.parameters = split_list(entry.parameters, ' ');
    for (auto& parameter : known.parameters) {
      if (!parameter.ends_with(kMayRepeat)) continue;
      parameter.pop_back();
      known.repeatable.push_back(parameter);
    }
    calls.push_back(std::move(known));
  }
  return calls;
}

}  // namespace muster::api
