#include <boost/json.hpp>
#include <limits>

#include "api/handlers.h"
#include "api/json/report.h"
#include "api/query.h"
#include "http/json.h"
#include "sync/rules/rule_profile.h"

namespace muster::api::micromdm {
namespace {

constexpr long long kLongestWait = 300;  // seconds

boost::json::object to_json(std::uint64_t sync_id, bool done, const sync::Report& report) {
  boost::json::object json{{"sync_id", sync_id}, {"done", done}};
  put_counts(json, report);
  if (done) put_rest(json, report);
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
  auto sync_id = static_cast<sync::Runs::Ticket>(begun);
  if (!begun) {
    MUSTER_TRY(sync_id, call.context.runs.request(account, full));
  }
  if (!begun && !call.request.query.get("wait"))
    return http::Response{.status = 200, .headers = {}, .body = {}};
  MUSTER_TRY(auto outcome,
             call.context.runs.await(account, sync_id, std::chrono::seconds(wait), call.context.stop));
  auto& [done, report] = outcome;
  if (done && !report.error) {
    MUSTER_TRY(report.error, call.store.read([&](Reader& r) { return sync::broken_rule(r, apple.account); }));
  }
  return http::json_response(200, to_json(sync_id, done, report));
}

}  // namespace muster::api::micromdm
