// Control calls on the service itself: clock, switches, sessions, faults, the book of calls.
#include <boost/json.hpp>
#include <charconv>

#include "base/text/flags.h"
#include "base/time/rfc3339.h"
#include "sim/control/handlers.h"
#include "sim/faults/body.h"

namespace muster::sim {
namespace {

constexpr long long kMostCallsShown = 100'000;
constexpr long long kCallsByDefault = 100;

}  // namespace

Result<http::Response> show_clock(ControlCall& call) {
  const SimClock& clock = call.service.clock;
  return control_json({{"now", format_rfc3339_millis(from_millis(clock.now_ms()))},
                       {"now_ms", clock.now_ms()},
                       {"offset_ms", clock.offset_ms()},
                       {"frozen", clock.frozen()},
                       {"auth_skew_ms", call.service.auth_skew_ms}});
}

Result<http::Response> move_clock(ControlCall& call) {
  ControlBody body(call.body);
  const auto advance_ms = body.duration("advance");
  const auto set_ms = body.date("set");
  const auto frozen = body.flag("frozen");
  const auto auth_skew_ms = body.duration("auth_skew");
  MUSTER_TRY(body.finish());
  SimClock& clock = call.service.clock;
  const long long target_ms = set_ms.value_or(clock.now_ms()) + advance_ms.value_or(0);
  // The operations' order is their time: it cannot go back. A second of grace for dates cut to seconds.
  if (target_ms < clock.now_ms() - 1000) return failure(Code::invalid, "the clock can only move forward");
  if (frozen && *frozen) clock.freeze();
  if (set_ms || advance_ms) clock.set(target_ms);
  if (frozen && !*frozen && clock.frozen()) clock.run();
  if (auth_skew_ms) call.service.auth_skew_ms = *auth_skew_ms;
  return show_clock(call);
}

Result<http::Response> show_settings(ControlCall& call) {
  return control_json(call.service.settings.to_json());
}

Result<http::Response> change_settings(ControlCall& call) {
  MUSTER_TRY(call.service.settings.change(call.body));
  return show_settings(call);
}

Result<http::Response> end_sessions(ControlCall& call) {
  ControlBody body(call.body);
  const auto name = body.text("account");
  MUSTER_TRY(body.finish());
  int account = -1;
  if (name) {
    MUSTER_TRY(const Account* found, account_named(call.service, *name));
    account = found->index;
  }
  return control_json({{"invalidated", call.service.sessions.end(account, call.service.clock.now_ms())}});
}

Result<http::Response> list_faults(ControlCall& call) {
  boost::json::array faults;
  for (const auto& fault : call.service.faults.all()) faults.push_back(to_json(fault));
  return control_json({{"faults", std::move(faults)}});
}

Result<http::Response> add_fault(ControlCall& call) {
  MUSTER_TRY(Fault fault, parse_fault(call.body));
  if (!fault.account.empty()) MUSTER_TRY(account_named(call.service, fault.account));
  return control_json({{"id", call.service.faults.add(std::move(fault), call.service.clock.now_ms())}});
}

Result<http::Response> clear_faults(ControlCall& call) {
  const size_t count = call.service.faults.all().size();
  call.service.faults.clear();
  return control_json({{"cleared", count}});
}

Result<http::Response> remove_fault(ControlCall& call) {
  const std::string& text = call.request.parameters[0];
  long long id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  if (!call.service.faults.remove(id)) return failure(Code::not_found, "there is no fault " + text);
  return control_json({{"cleared", 1}});
}

Result<http::Response> show_calls(ControlCall& call) { return control_json(call.service.calls.counts()); }

Result<http::Response> reset_calls(ControlCall& call) {
  call.service.calls.reset(call.service.clock.now_ms());
  return show_calls(call);
}

Result<http::Response> show_call_log(ControlCall& call) {
  MUSTER_TRY(const long long limit, number_in_query(call.request, "limit", kCallsByDefault, kMostCallsShown));
  const std::string account = call.request.query.get("account").value_or("");
  return control_json({{"calls", call.service.calls.log(static_cast<size_t>(limit), account)}});
}

}  // namespace muster::sim
