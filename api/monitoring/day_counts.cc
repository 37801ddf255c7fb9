#include <boost/json.hpp>

#include "api/handlers.h"
#include "api/query.h"
#include "base/time/rfc3339.h"
#include "http/json.h"

namespace muster::api {
namespace {

constexpr long long kUsualDays = 90;

std::string as_date(Time day) { return format_rfc3339(day).substr(0, std::string_view("2026-03-01").size()); }

boost::json::object to_json(const CountsOfDay& of) {
  const auto paused = std::chrono::ceil<std::chrono::seconds>(of.counts.paused);
  return {{"day", as_date(of.day)},
          {"arrived", of.counts.arrived},
          {"assigned", of.counts.assigned},
          {"calls", of.counts.calls},
          {"failed_calls", of.counts.failed_calls},
          {"paused_seconds", paused.count()}};
}

}  // namespace

Result<http::Response> get_day_counts(const Call& call) {
  MUSTER_TRY(const auto days, number_in_query(call, "days", 1, kDaysCounted.count(), kUsualDays));
  MUSTER_TRY(const auto account, account_of(call));
  const Time today = beginning_of_day(call.context.clock.now());
  MUSTER_TRY(const auto counts, call.store.read([&](Reader& reader) {
    return reader.day_counts(account.id, today - std::chrono::days(days - 1));
  }));
  boost::json::array list;
  for (const auto& each : counts) list.push_back(to_json(each));
  return http::json_response(200, {{"today", as_date(today)}, {"days", std::move(list)}});
}

}  // namespace muster::api
