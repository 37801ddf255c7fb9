#include <boost/json.hpp>
#include <limits>

#include "api/handlers.h"
#include "api/query.h"
#include "http/json.h"
#include "sync/rules/rule_profile.h"

namespace muster::api::micromdm {
namespace {

constexpr long long kLongestWait = 300;  // seconds

boost::json::object to_json(std::uint64_t sync_id, bool done, const sync::Report& report) {
  boost::json::object json{{"sync_id", sync_id},        {"done", done},
                           {"pages", report.pages},     {"devices", report.devices},
                           {"full", report.whole_list}, {"arrivals", report.arrivals},
                           {"left", report.left},       {"uncovered", report.uncovered},
                           {"calls", report.calls},     {"assigned", report.assigned},
                           {"failed", report.failed},   {"confirmed", report.confirmed}};
  if (!done) return json;
  json["waiting"] = report.waiting;
  if (report.error) {
    json["error"] = report.error->message;
    json["remedy"] = report.error->hint;
    json["apple_code"] = report.error->remote.word;
  }
  return json;
}

}  // namespace

// MicroMDM's call, which answers at once and with nothing, until `wait` or `sync_id` asks for more.
Result<http::Response> post_syncnow(const Call& call) {
  MUSTER_TRY(const auto apple, connected(call));  // without a token nothing would happen: say so
  MUSTER_TRY(refuse_paused(apple.account));
  MUSTER_TRY(const auto wait, number_in_query(call, "wait", 0, kLongestWait, 0));
  MUSTER_TRY(const auto begun, number_in_query(call, "sync_id", 0, std::numeric_limits<long long>::max(), 0));
  MUSTER_TRY(const bool full, flag_in_query(call, "full"));
  if (begun && full)
    return failure(Code::invalid, "\"full\" has no effect on a run that was started before",
                   "Leave out \"full\" or \"sync_id\"");

  const AccountId account = apple.account.id;
  auto& scheduler = call.context.scheduler;
  const auto sync_id = begun ? static_cast<std::uint64_t>(begun) : scheduler.request(account, full);
  if (!begun && !call.request.query.get("wait"))
    return http::Response{.status = 200, .headers = {}, .body = {}};
  const bool done = scheduler.await(account, sync_id, std::chrono::seconds(wait), call.context.stop);
  auto report = call.context.lane_runner.report(account);
  if (done && !report.error) {
    MUSTER_TRY(report.error,
               call.context.store.read([&](Reader& r) { return sync::broken_rule(r, apple.account); }));
  }
  return http::json_response(200, to_json(sync_id, done, report));
}

}  // namespace muster::api::micromdm
