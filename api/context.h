// The context of a handler: the call, and the objects it may use.
#pragma once

#include <functional>
#include <string>

#include "api/costly.h"
#include "base/result.h"
#include "http/message.h"
#include "http/server/server_counts.h"
#include "store/store.h"
#include "sync/accounts/run_context.h"
#include "sync/accounts/services.h"
#include "sync/lane_runner.h"
#include "sync/scheduler.h"
#include "sync/webhook.h"

namespace muster::api {

struct Context {
  Store& store;
  sync::Services& services;
  const Clock& clock;
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  std::stop_token stop;  ///< the server ends: wait for nothing more
  sync::Scheduler& scheduler;
  const sync::LaneRunner& lane_runner;
  Costly& costly;
  const sync::Webhook* webhook = nullptr;           ///< null for none
  size_t rule_limit = Rule::kUsualLimit;            ///< rules that an account may have
  const http::ServerCounts* connections = nullptr;  ///< of our own server; null for none
  /// When the certificate that is served ends; nothing without TLS.
  std::function<std::optional<Time>()> certificate_end = {};
};

/// One authorised request.
struct Call {
  const http::Request& request;
  const Context& context;
  /// The members that the body may have, as routes.cc's table names them.
  std::string_view members = {};
};

using CallHandler = Result<http::Response> (*)(const Call&);

/// The account the call is about: the query's `account`, or the default one. Code::not_found when there is
/// none.
Result<Account> account_of(const Call& call);

/// The same with its service at Apple, for the functions of sync/. Code::not_configured without a token.
struct Connected {
  Account account;
  std::shared_ptr<apple::Service> service;
};
Result<Connected> connected(const Call& call);
/// The answer to a call whose count() takes long, a few at a time, and kept while nothing changes: it may
/// depend on the call's target, on the account and on what is stored, and on nothing else.
inline Result<http::Response> costly_answer(const Call& call, AccountId account, const Costly::Count& count) {
  const std::string question = std::to_string(static_cast<long long>(account)) + " " + call.request.target;
  return call.context.costly.answer(call.context.store, question, call.context.stop, count);
}
/// Code::conflict when the account is paused: for what only a run would do.
Result<> refuse_paused(const Account& account);
/// An operator changed what devices should have: the account is polled, and what is due is sent.
inline void work_soon(const Call& call, AccountId account) {
  call.context.scheduler.request(account);
  call.context.scheduler.wake(account, Lane::assignment);
}
inline sync::RunContext run_context(const Call& call, const Connected& connected) {
  return {.store = call.context.store,
          .service = *connected.service,
          .clock = call.context.clock,
          .account = connected.account,
          .policy = call.context.policy,
          .stop = call.context.stop,
          .wake_lane = [&scheduler = call.context.scheduler, id = connected.account.id](Lane lane) {
            scheduler.wake(id, lane);
          }};
}

}  // namespace muster::api
