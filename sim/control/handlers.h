// The handlers of control calls. routes.cc maps calls to handlers.
#pragma once

#include <boost/json/object.hpp>

#include "base/result.h"
#include "http/message.h"
#include "sim/apple/service.h"

namespace muster::sim {

struct ControlCall {
  Service& service;
  const http::Request& request;
  long long now_ms;          ///< the simulator's clock when the call came
  boost::json::object body;  ///< empty when none was sent; not read for the token exchange
};

using ControlHandler = Result<http::Response> (*)(ControlCall&);

// control_accounts.cc
Result<http::Response> list_accounts(ControlCall& call);
Result<http::Response> create_account(ControlCall& call);
Result<http::Response> show_control_account(ControlCall& call);
Result<http::Response> change_account(ControlCall& call);
Result<http::Response> show_token(ControlCall& call);
Result<http::Response> exchange_token(ControlCall& call);
Result<http::Response> show_token_by_query(ControlCall& call);

// control_lists.cc
Result<http::Response> list_account_devices(ControlCall& call);
Result<http::Response> summarize_account(ControlCall& call);
Result<http::Response> list_account_profiles(ControlCall& call);
Result<http::Response> list_account_events(ControlCall& call);
Result<http::Response> show_device(ControlCall& call);

// control_devices.cc
Result<http::Response> add_devices(ControlCall& call);
Result<http::Response> remove_devices(ControlCall& call);
Result<http::Response> release_devices(ControlCall& call);
Result<http::Response> move_devices(ControlCall& call);
Result<http::Response> reassign_devices(ControlCall& call);
Result<http::Response> touch_devices(ControlCall& call);
Result<http::Response> throttle_devices(ControlCall& call);
Result<http::Response> push_devices(ControlCall& call);
Result<http::Response> set_devices(ControlCall& call);
Result<http::Response> replace_device(ControlCall& call);

// control_service.cc
Result<http::Response> show_clock(ControlCall& call);
Result<http::Response> move_clock(ControlCall& call);
Result<http::Response> show_settings(ControlCall& call);
Result<http::Response> change_settings(ControlCall& call);
Result<http::Response> end_sessions(ControlCall& call);
Result<http::Response> list_faults(ControlCall& call);
Result<http::Response> add_fault(ControlCall& call);
Result<http::Response> clear_faults(ControlCall& call);
Result<http::Response> remove_fault(ControlCall& call);
Result<http::Response> show_calls(ControlCall& call);
Result<http::Response> reset_calls(ControlCall& call);
Result<http::Response> show_call_log(ControlCall& call);

/// The account that the path names. Code::not_found.
Result<Account*> account_in_path(ControlCall& call);
/// The account named `name`, or with "" the first one. Code::not_found.
Result<Account*> account_named(Service& service, const std::string& name);

/// A whole number in the query, `fallback` when absent. Code::invalid.
Result<long long> number_in_query(const http::Request& request, const char* name, long long fallback,
                                  long long most);

http::Response control_json(boost::json::value value);

}  // namespace muster::sim
