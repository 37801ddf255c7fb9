// The server's API. All calls require the API key, Basic authentication with the user `micromdm`, except those that say
// otherwise. docs/api.md is the reference, docs/openapi.yaml the same for programs.
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
//   Muster's own API. (p) marks calls with preview options: dry_run, max_changes, revision, limit, cursor.
//   GET     /metrics                metrics for Prometheus
//   GET     /api/v1/accounts        the accounts: state, schedule, counts
//   PUT     /api/v1/accounts/{name} creates or changes an account
//   DELETE  /api/v1/accounts/{name} removes an account with its data
//   GET     /api/v1/rules           the rules in order; ?counts=1
//   PUT     /api/v1/rules           creates or changes a rule (p)
//   DELETE  /api/v1/rules           {"filter"} or {"name"}: removes a rule (p)
//   GET     /api/v1/backfill        the progress of the backfill
//   POST    /api/v1/backfill        {"action": "pause", "resume" or "cancel"}
//   GET     /api/v1/backup          a consistent copy of the database, with secrets
//   GET     /api/docs               docs/openapi.yaml as a page to read; no key required
//   GET     /api/v1/config          an account's settings, lists, profiles and rules, with the revision
//   GET     /api/v1/devices         ?account=&filter=&uncovered=&cursor=&limit=: devices, page by page
//   GET     /api/v1/devices/{account}/{serial}          one device, and what each rule says about it
//   GET     /api/v1/devices/{account}/{serial}/history  its history; ?at=TIME adds the state at that time
//   GET     /api/v1/filters         ?account=&filter=: checks a filter, counts its devices; ?check=1: only checks
//   POST    /api/v1/holds           {"serials"}: puts devices on hold
//   DELETE  /api/v1/holds           {"serials"}: releases devices
//   GET     /api/v1/lists           the lists of serial numbers
//   GET     /api/v1/lists/{name}    ?cursor=&limit=: a list, with its serial numbers
//   PUT     /api/v1/lists/{name}    {"csv", "mode", "version"}: creates or changes a list (p)
//   DELETE  /api/v1/lists/{name}    removes a list that no rule uses
//   GET     /api/v1/notes           ?cursor=&limit=: operators' notes on devices
//   PUT     /api/v1/notes           {"csv"}: changes notes (p)
//   GET     /api/v1/openapi.yaml    docs/openapi.yaml; no key required
//   GET     /api/v1/plan            ?limit=&cursor=: what the rules would change among existing devices
//   POST    /api/v1/plan            {"rule"} or {"remove_rule"}: what this change would do
//   GET     /api/v1/profiles        the registry: profiles defined through Muster
//   POST    /api/v1/profiles/validate         a profile: checks it without asking Apple
//   GET     /api/v1/profiles/{name}           ?version=: a profile, with its document and versions
//   POST    /api/v1/profiles/{name}/move      moves devices to the current version (p)
//   POST    /api/v1/profiles/{name}/rollback  {"version"}: makes another version current (p)
//
// A call passes from http/server to make_api (route, key), to its handler (handlers.h), to sync/ or store/, and back
// as a Result to answer.cc.
#include "api/routes.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>

#include "api/answer.h"
#include "api/auth.h"
#include "api/handlers.h"
#include "api/query.h"
#include "base/log/log.h"
#include "base/text/strings.h"
#include "http/json.h"

namespace muster::api {
namespace {

enum class Access { open, key };

// Calls that ask Apple may last as long as Apple does. They never take all workers, so that the rest answers
// at once whatever Apple does.
constexpr int kSlowCalls = 40;
enum class Pace { quick, slow, slow_with_wait };

// What stands here is taken; every other parameter and member is refused. A body that is a document of its own is for the
// handler to check.
constexpr std::string_view kDocument = "(a document)";

struct Entry {
  const char* method;
  const char* pattern;
  CallHandler handler;
  std::string_view parameters = {};  // of the query, names with spaces between them
  std::string_view members =
      {};  // of the body, a JSON object, likewise; kDocument where the handler checks it
  Pace pace = Pace::quick;
  Access access = Access::key;
};

constexpr Entry kEntries[] = {
    {"GET", "/version", get_version, "", "", Pace::quick, Access::open},
    {"GET", "/metrics", get_metrics},
    {"GET", "/v1/dep-tokens", micromdm::get_dep_tokens, "account"},
    {"PUT", "/v1/dep-tokens", micromdm::put_dep_tokens, "account force", "p7m_content new_key", Pace::slow},
    {"GET", "/v1/dep/account", micromdm::get_dep_account, "account", "", Pace::slow},
    {"POST", "/v1/dep/devices", micromdm::post_dep_devices, "account", "serials", Pace::slow},
    {"POST", "/v1/dep/profiles", micromdm::post_dep_profiles, "account", "uuid", Pace::slow},
    {"PUT", "/v1/dep/profiles", micromdm::put_dep_profiles,
     "account if_changed dry_run max_changes limit cursor revision", kDocument, Pace::slow},
    {"DELETE", "/v1/dep/profiles", micromdm::delete_dep_profiles, "account", "serials", Pace::slow},
    {"POST", "/v1/dep/assign", micromdm::post_dep_assign, "account", "id serials", Pace::slow},
    {"GET", "/v1/dep/autoassigners", micromdm::get_dep_autoassigners, "account"},
    {"POST", "/v1/dep/autoassigners", micromdm::post_dep_autoassigners, "account", "filter profile_uuid",
     Pace::slow},
    {"DELETE", "/v1/dep/autoassigners", micromdm::delete_dep_autoassigners, "account", "filter"},
    {"POST", "/v1/dep/syncnow", micromdm::post_syncnow, "account wait sync_id full", "",
     Pace::slow_with_wait},
    {"POST", "/v1/devices", micromdm::post_devices, "account", "page per_page filter_serial filter_udid"},
    {"DELETE", "/v1/devices", micromdm::delete_devices, "account", "Opts udids serials"},
    {"GET", "/api/v1/accounts", muster_v1::get_accounts},
    {"PUT", "/api/v1/accounts/{name}", muster_v1::put_account, "account force",
     "p7m_content token base_url paused revision", Pace::slow},
    {"DELETE", "/api/v1/accounts/{name}", muster_v1::delete_account},
    {"GET", "/api/v1/rules", muster_v1::get_rules, "account counts"},
    {"PUT", "/api/v1/rules", muster_v1::put_rule, "account",
     "filter name priority scope profile_uuid profile_name no_profile dry_run max_changes limit cursor revision",
     Pace::slow},
    {"DELETE", "/api/v1/rules", muster_v1::delete_rule, "account",
     "filter name dry_run max_changes limit cursor revision"},
    {"GET", "/api/v1/backfill", muster_v1::get_backfill, "account"},
    {"POST", "/api/v1/backfill", muster_v1::post_backfill, "account", "action"},
    {"GET", "/api/v1/backup", muster_v1::get_backup},
    {"GET", "/api/v1/config", muster_v1::get_config, "account"},
    // What is in the repository for all to read is no secret, and tools ask without a key.
    {"GET", "/api/v1/openapi.yaml", muster_v1::get_openapi, "", "", Pace::quick, Access::open},
    {"GET", "/api/docs", muster_v1::get_docs, "", "", Pace::quick, Access::open},
    {"GET", "/api/v1/devices", muster_v1::get_devices, "account filter uncovered cursor limit"},
    {"GET", "/api/v1/devices/{account}/{serial}", muster_v1::get_device, "account"},
    {"GET", "/api/v1/devices/{account}/{serial}/history", muster_v1::get_device_history, "account at"},
    {"GET", "/api/v1/filters", muster_v1::get_filters, "account filter check"},
    {"POST", "/api/v1/holds", muster_v1::post_holds, "account", "serials"},
    {"DELETE", "/api/v1/holds", muster_v1::delete_holds, "account", "serials"},
    {"GET", "/api/v1/lists", muster_v1::get_lists, "account"},
    {"GET", "/api/v1/lists/{name}", muster_v1::get_list, "account cursor limit"},
    {"PUT", "/api/v1/lists/{name}", muster_v1::put_list, "account",
     "csv column mode version allow_empty dry_run max_changes limit cursor revision"},
    {"DELETE", "/api/v1/lists/{name}", muster_v1::delete_list, "account", "revision"},
    {"GET", "/api/v1/notes", muster_v1::get_notes, "account cursor limit"},
    {"PUT", "/api/v1/notes", muster_v1::put_notes, "account",
     "csv column dry_run max_changes limit cursor revision"},
    {"GET", "/api/v1/plan", muster_v1::get_plan, "account limit cursor"},
    {"POST", "/api/v1/plan", muster_v1::post_plan, "account", "rule remove_rule limit cursor"},
    {"GET", "/api/v1/profiles", muster_v1::get_profiles, "account"},
    {"POST", "/api/v1/profiles/validate", muster_v1::post_profile_check, "", kDocument},
    // Names of profiles may have slashes in them.
    {"GET", "/api/v1/profiles/{name...}", muster_v1::get_profile, "account version"},
    {"POST", "/api/v1/profiles/{name...}/move", muster_v1::post_profile_move, "account",
     "dry_run max_changes limit cursor revision"},
    {"POST", "/api/v1/profiles/{name...}/rollback", muster_v1::post_profile_rollback, "account",
     "version dry_run max_changes limit cursor revision"},
};

bool is_slow(const Entry& entry, const http::Request& request) {
  return entry.pace == Pace::slow ||
         (entry.pace == Pace::slow_with_wait && request.query.get("wait").value_or("0") != "0");
}

// Counts the slow calls in progress.
class SlowCall {
 public:
  explicit SlowCall(std::atomic<int>& count) : count_(count), place_(++count) {}
  ~SlowCall() { --count_; }
  SlowCall(const SlowCall&) = delete;
  SlowCall& operator=(const SlowCall&) = delete;
  bool is_too_many() const { return place_ > kSlowCalls; }

 private:
  std::atomic<int>& count_;
  const int place_;
};

// What MicroMDM and NanoMDM have beside enrollment profiles.
bool is_of_mdm_server(std::string_view path) {
  constexpr std::string_view kTheirs[] = {"/v1/blueprints",
                                          "/v1/users",
                                          "/v1/apps",
                                          "/v1/commands",
                                          "/v1/config",
                                          "/v1/profiles",
                                          "/v1/devices/",
                                          "/v1/challenge",
                                          "/v1/mdmcert",
                                          "/v1/pushcert",
                                          "/v1/push/",
                                          "/v1/enqueue/",
                                          "/v1/escrowkeyunlock",
                                          "/push/",
                                          "/mdm/",
                                          "/scep",
                                          "/ota/",
                                          "/enroll",
                                          "/repo"};
  return std::any_of(std::begin(kTheirs), std::end(kTheirs), [&](std::string_view theirs) {
    return path.starts_with(theirs) &&
           (theirs.ends_with('/') || path.size() == theirs.size() || path[theirs.size()] == '/');
  });
}

bool is_blank(std::string_view body) {
  const auto text = trim(body);
  return text.empty() || text == "{}" || text == "null";
}

Result<http::Response> answer_of(const Entry& entry, const Context& context, const http::Request& request) {
  MUSTER_TRY(only_parameters(request.query, entry.parameters));
  if (entry.members.empty() && !is_blank(request.body))
    return failure(Code::invalid, "this call takes no body", "Leave it out; nothing was done");
  return entry.handler({request, context, entry.members});
}

http::Response answer(const Entry& entry, const Context& context, const http::Request& request) {
  const auto outcome = answer_of(entry, context, request);
  return outcome ? *outcome : error_answer(outcome.error());
}

// HEAD is GET: http/server/server.cc leaves the body out.
std::string_view method_of(const http::Request& request) {
  return request.method == "HEAD" ? std::string_view("GET") : request.method;
}

class Routes {
 public:
  Routes(const Context& context, std::string api_key) : context_(context), api_key_(std::move(api_key)) {
    std::vector<http::Route> routes;
    for (const auto& entry : kEntries)
      routes.push_back(
          {entry.method, entry.pattern, [this, &entry](const http::Request& r) { return call(entry, r); }});
    router_.emplace(std::move(routes));
  }

  std::optional<http::Response> admit(const http::Request& head) const {
    const auto match = router_->match(method_of(head), head.path);
    if (!match.route) return logged(head, no_route(head, match));
    const auto& entry = kEntries[match.route - router_->routes().data()];
    if (entry.access == Access::key && !authorized(head, api_key_)) return logged(head, unauthorized());
    return std::nullopt;
  }

  http::Response handle(http::Request request) const {
    auto match = router_->match(method_of(request), request.path);
    if (!match.route) return logged(request, no_route(request, match));
    request.parameters = std::move(match.parameters);
    return logged(request, match.route->handler(request));
  }

 private:
  http::Response call(const Entry& entry, const http::Request& request) const {
    if (entry.access == Access::key && !authorized(request, api_key_)) return unauthorized();
    if (!is_slow(entry, request)) return answer(entry, context_, request);
    const SlowCall slow(slow_calls_);
    if (slow.is_too_many()) return refusal(503, "too many calls are waiting for Apple; try again later");
    return answer(entry, context_, request);
  }

  static http::Response no_route(const http::Request& request, const http::Match& match) {
    if (match.allowed.empty())
      return refusal(404, is_of_mdm_server(request.path) ? "Muster handles enrollment profiles only; " +
                                                               request.path + " belongs to your MDM server"
                                                         : "unknown path " + request.path);
    auto response = refusal(405, "method " + request.method + " not allowed; use " + match.allowed);
    response.headers.add("Allow", match.allowed);
    return response;
  }

  // Nothing that we answer is for a cache: it is about devices, and changes.
  static http::Response logged(const http::Request& request, http::Response response) {
    response.headers.add("Cache-Control", "no-store");
    log::info("api.request", {{"method", request.method},
                              {"path", request.path},
                              {"status", response.status},
                              {"peer", request.peer}});
    return response;
  }

  const Context& context_;
  const std::string api_key_;
  std::optional<http::Router> router_;
  mutable std::atomic<int> slow_calls_{0};
};

}  // namespace

Api make_api(const Context& context, std::string api_key) {
  const auto routes = std::make_shared<Routes>(context, std::move(api_key));
  return {.admit = [routes](const http::Request& head) { return routes->admit(head); },
          .handle = [routes](const http::Request& request) { return routes->handle(request); }};
}

std::vector<KnownCall> known_calls() {
  std::vector<KnownCall> calls;
  for (const auto& entry : kEntries)
    calls.push_back({entry.method, entry.pattern, split_list(entry.parameters, ' '),
                     entry.members == kDocument ? std::vector<std::string>() : split_list(entry.members, ' '),
                     entry.members == kDocument, entry.access == Access::open});
  return calls;
}

Result<http::Response> get_version(const Call&) {
  return http::json_response(200, {{"version", MUSTER_VERSION}});
}

}  // namespace muster::api
