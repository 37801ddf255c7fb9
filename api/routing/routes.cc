// Finds the handler of a call (route_table.h), and whether the caller may make it.
//
// A call passes from http/server to make_api (route, key, role, account), to its handler (handlers.h), to
// sync/ or store/, and back as a Result to answer.cc.
#include "api/routing/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>

#include "api/access/request_rate.h"
#include "api/access/session_cookie.h"
#include "api/actor.h"
#include "api/answer.h"
#include "api/console/console.h"
#include "api/key_check.h"
#include "api/nanodep_form.h"
#include "api/query.h"
#include "api/routing/route_table.h"
#include "base/log/log.h"
#include "base/text/encoding.h"
#include "base/text/strings.h"
#include "http/json.h"
#include "model/text/words.h"
#include "store/acting_store.h"

namespace muster::api {
namespace {

// Calls that ask Apple may last as long as Apple does. They never take all workers, so that the rest answers
// at once whatever Apple does.
constexpr int kSlowCalls = 40;

bool is_slow(const RouteEntry& entry, const http::Request& request) {
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

// Where a call has the name of its account: first in its path, or in its query.
AccountName account_named(const RouteEntry& entry, const http::Request& request) {
  const std::string_view pattern = entry.pattern;
  const bool is_in_path =
      pattern.starts_with("/api/v1/accounts/{") || pattern.find("{account}") != std::string_view::npos;
  if (is_in_path) return AccountName(request.parameters.at(0));
  const auto named = request.query.get("account");
  return AccountName(named ? *named : request.query.get("dep_name").value_or(kDefaultAccount.str()));
}

std::string names_of(const std::vector<AccountName>& accounts) {
  std::string names;
  for (const auto& account : accounts) names += (names.empty() ? "" : ", ") + account.str();
  return names.empty() ? "no account that is still there" : names;
}

// Whether the key may make the call. The answer does not tell an account that it is not for from one that
// does not exist.
Result<> check_key(const RouteEntry& entry, const ApiKey& key, const http::Request& request) {
  if (!allows(key.role, *entry.role))
    return failure(Code::forbidden,
                   fmt::format("this call needs the role {}, and the API key \"{}\" has the role {}",
                               word(*entry.role), key.name, word(key.role)),
                   "Use a key that has it, or have an admin change this one");
  if (key.is_for_all_accounts) return {};
  if (entry.concerns == Concerns::installation)
    return failure(Code::forbidden,
                   fmt::format("this call concerns all accounts, and the API key \"{}\" is for {}", key.name,
                               names_of(key.accounts)),
                   "Use a key for all accounts");
  if (entry.concerns == Concerns::own_accounts || entry.concerns == Concerns::nothing) return {};
  const auto name = account_named(entry, request);
  if (key.sees(name) || (entry.concerns == Concerns::account_or_all && name.str() == kAllAccounts)) return {};
  Error unknown = no_such_account(name);
  unknown.hint = fmt::format("The API key is for {}", names_of(key.accounts));
  return failure(std::move(unknown));
}

Result<http::Response> answer_of(const RouteEntry& entry, const Call& call, const Caller& caller,
                                 KeyCheck& keys) {
  if (entry.parameters != kPassedOn) MUSTER_TRY(only_parameters(call.request.query, entry.parameters));
  if (entry.members.empty() && !is_blank(call.request.body))
    return failure(Code::invalid, "this call takes no body", "Leave it out; nothing was done");
  return entry.session_handler ? entry.session_handler(call, caller, keys) : entry.handler(call);
}

http::Response answer(const RouteEntry& entry, const Call& call, const Caller& caller, KeyCheck& keys) {
  const auto outcome = answer_of(entry, call, caller, keys);
  return outcome ? *outcome : error_answer(outcome.error());
}

// Of a refusal: a browser would ask its user for a password, in a window of its own, where a script made the
// request.
http::Response without_challenge(http::Response response) {
  http::Headers kept;
  for (const auto& [name, value] : response.headers)
    if (name != "WWW-Authenticate") kept.add(name, value);
  response.headers = std::move(kept);
  return response;
}

// The key of a call that needs none: it is for no account.
KeyPtr key_of_nobody() {
  return std::make_shared<const ApiKey>(ApiKey{.role = Role::metrics, .is_for_all_accounts = false});
}

// HEAD is GET: http/server/server.cc leaves the body out.
std::string_view method_of(const http::Request& request) {
  return request.method == "HEAD" ? std::string_view("GET") : request.method;
}

class Routes {
 public:
  Routes(const Context& context, std::string api_key)
      : context_(context),
        keys_(context.unaudited_store, context.clock, std::move(api_key)),
        rate_(context.request_limit) {
    std::vector<http::Route> routes;
    for (const auto& entry : route_table()) routes.push_back({entry.method, entry.pattern, {}});
    router_.emplace(std::move(routes));
  }

  std::optional<http::Response> admit(const http::Request& head) {
    const auto match = router_->match(method_of(head), head.path);
    if (!match.route) return logged(head, kNoRoute, no_route(head, match));
    const auto& entry = entry_of(match);
    if (!entry.role) return std::nullopt;
    auto refused = keys_.refuse_early(head);
    if (!refused) return std::nullopt;
    return logged(head, route_of(entry), *std::move(refused));
  }

  http::Response handle(http::Request request) {
    if (auto file = console_file(request)) return logged(request, kConsole, *std::move(file));
    auto match = router_->match(method_of(request), request.path);
    if (!match.route) return logged(request, kNoRoute, no_route(request, match));
    request.parameters = std::move(match.parameters);
    const auto& entry = entry_of(match);
    const auto route = route_of(entry);
    if (!entry.role) return logged(request, route, answer_to(entry, request, {.key = nobody_}, {}));
    const auto caller = keys_.caller_of(request);
    if (!caller) return logged(request, route, caller.error());
    const auto& key = caller->key;
    if (const auto wait = rate_.take(key->name, request.peer, std::chrono::steady_clock::now()))
      return logged(request, route,
                    throttled("too many requests came with this API key from this address", *wait));
    const Actor actor{
        .key = key->name,
        .address = request.peer,
        .said = said_actor(request),
        .request = next_request_id(),
        .account = entry.concerns == Concerns::account ? account_named(entry, request).str() : ""};
    auto response = answer_to(entry, request, *caller, actor);
    response.headers.add("X-Request-Id", actor.request);
    return logged(request, route, std::move(response), actor);
  }

 private:
  // Of all requests of all servers: by chance, and a number.
  std::string next_request_id() { return request_ids_ + "-" + std::to_string(++requests_); }

  const RouteEntry& entry_of(const http::Match& match) const {
    return route_table()[static_cast<size_t>(match.route - router_->routes().data())];
  }

  http::Response answer_to(const RouteEntry& entry, const http::Request& request, const Caller& caller,
                           const Actor& actor) {
    const ApiKey& key = *caller.key;
    if (entry.role)
      if (const auto may = check_key(entry, key, request); !may) return error_answer(may.error());
    const std::string name = std::string(entry.method) + " " + entry.pattern;
    ActingStore store(context_.unaudited_store, context_.clock, actor, name);
    const Call call{request, context_,      key,
                    store,   entry.members, caller.session ? &*caller.session : nullptr};
    if (!is_slow(entry, request)) return answer(entry, call, caller, keys_);
    const SlowCall slow(slow_calls_);
    if (slow.is_too_many()) return refusal(503, "too many calls are waiting for Apple; try again later");
    return answer(entry, call, caller, keys_);
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

  // In the counts; a client's own methods and paths are none.
  struct Route {
    std::string_view method, pattern;
  };
  static constexpr Route kNoRoute{"", "none"}, kConsole{"GET", "console"};
  static Route route_of(const RouteEntry& entry) { return {entry.method, entry.pattern}; }

  http::Response logged(const http::Request& request, const Route& route, http::Response response,
                        const Actor& actor = {}) {
    if (is_nanodep(request)) response = in_nanodep_form(std::move(response));
    if (response.status == 401 && is_of_script(request)) response = without_challenge(std::move(response));
    context_.request_counts.add({route.method, route.pattern, response.status});
    log::info("api.request", {{"method", request.method},
                              {"path", request.path},
                              {"status", response.status},
                              {"peer", request.peer},
                              {"key", actor.key},
                              {"request", actor.request}});
    return response;
  }

  const Context& context_;
  const KeyPtr nobody_ = key_of_nobody();
  KeyCheck keys_;
  RequestRate rate_;
  std::optional<http::Router> router_;
  std::atomic<int> slow_calls_{0};
  const std::string request_ids_ = hex_lower(random_bytes(6));
  std::atomic<long long> requests_{0};
};

}  // namespace

Api make_api(const Context& context, std::string api_key) {
  const auto routes = std::make_shared<Routes>(context, std::move(api_key));
  return {.admit = [routes](const http::Request& head) { return routes->admit(head); },
          .handle = [routes](const http::Request& request) { return routes->handle(request); }};
}

Result<http::Response> get_version(const Call&) {
  return http::json_response(200, {{"version", MUSTER_VERSION}});
}

}  // namespace muster::api
