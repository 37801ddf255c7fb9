// The context of a handler: the call, and the objects it may use.
#pragma once

#include <functional>
#include <string>

#include "api/access/request_counts.h"
#include "api/costly.h"
#include "base/result.h"
#include "http/message.h"
#include "http/server/server_counts.h"
#include "store/store.h"
#include "sync/accounts/run_context.h"
#include "sync/accounts/services.h"
#include "sync/cluster/member.h"
#include "sync/runs.h"
#include "sync/webhook.h"

namespace muster::api {

struct Session;
namespace live {
class LiveFeed;
}
}  // namespace muster::api

namespace muster::sync {
class CheckInDesk;
class Errands;
}  // namespace muster::sync

namespace muster::api {

struct Context {
  /// For what outlives a call, and what none asked for. Handlers use Call::store: what they write is in the
  /// audit.
  Store& unaudited_store;
  sync::Services& services;
  const Clock& clock;
  assign::ArrivalPolicy policy = assign::ArrivalPolicy::by_state;
  std::stop_token stop;  ///< the server ends: wait for nothing more
  sync::Runs& runs;
  std::string server_name = "muster";  ///< this server's, for operators
  Time started{};
  const sync::Member* member =
      nullptr;  ///< of the servers that share the store; null where it is the only one
  Costly& costly;
  RequestCounts& request_counts;
  live::LiveFeed& live_feed;
  const sync::Webhook* webhook = nullptr;           ///< null for none
  sync::Errands* errands = nullptr;                 ///< the sender of webhooks; null where none are sent
  sync::CheckInDesk* check_ins = nullptr;           ///< of MDM servers; null where none are taken
  size_t rule_limit = Rule::kUsualLimit;            ///< rules that an account may have
  long long disown_limit = 100;                     ///< devices that an account may release in 24 hours
  long long request_limit = 0;                      ///< a second, of a key from an address; 0 for none
  const http::ServerCounts* connections = nullptr;  ///< of our own server; null for none
  /// When the certificate that is served ends; nothing without TLS.
  std::function<std::optional<Time>()> certificate_end = {};
};

/// One authorised request. routes.cc has checked that the key may make the call, and for the account that it
/// names.
struct Call {
  const http::Request& request;
  const Context& context;
  const ApiKey& key;  ///< of a call that needs none: a key for no account
  Store& store;       ///< while the handler runs
  /// The members that the body may have, as routes.cc's table names them.
  std::string_view members = {};
  const Session* session = nullptr;  ///< of the console, when a cookie stands for the key
};

/// In place of an account's name, where a call may be about all accounts of its key. No account can have that
/// name.
inline constexpr const char* kAllAccounts = "*";

using CallHandler = Result<http::Response> (*)(const Call&);

/// The account the call is about: the query's `account`, or the default one. Code::not_found when there is
/// none.
Result<Account> account_of(const Call& call);

/// All accounts that the key is for, in order of their creation: what a call about all accounts may speak of.
Result<std::vector<Account>> own_accounts(const Call& call, Reader& reader);

/// account_of() with its service at Apple, for the functions of sync/. Code::not_configured without a token.
struct Connected {
  Account account;
  std::shared_ptr<apple::Service> service;
};
Result<Connected> connected(const Call& call);
/// The answer to a call whose count() takes long, a few at a time, and kept while nothing changes: it may
/// depend on the call's target, on the account and on what is stored, and on nothing else.
inline Result<http::Response> costly_answer(const Call& call, AccountId account, const Costly::Count& count) {
  const std::string question = std::to_string(static_cast<long long>(account)) + " " + call.request.target;
  return call.context.costly.answer(call.store, question, call.context.stop, count);
}
/// Adds to the audit what the call is about to change where Muster stores nothing of it.
Result<> note_change(const Call& call, WriteScope scope, AuditChange change);
/// Adds to the audit that the call gives out secrets, before it does.
Result<> note_reading(const Call& call, WriteScope scope, const char* action, const std::string& object);
/// Code::conflict when the account is paused: for what only a run would do.
Result<> refuse_paused(const Account& account);
/// An operator changed what devices should have: the account is polled, and what is due is sent.
inline void work_soon(const Call& call, AccountId account) {
  (void)call.context.runs.request(account, false);  // it is polled at its time anyway
  call.context.runs.wake(account, Lane::assignment);
}
inline sync::RunContext run_context(const Call& call, const Connected& connected) {
  return {.store = call.store,
          .service = *connected.service,
          .clock = call.context.clock,
          .account = connected.account,
          .policy = call.context.policy,
          .stop = call.context.stop,
          .wake_lane = [&runs = call.context.runs, id = connected.account.id](Lane lane) {
            runs.wake(id, lane);
          }};
}

}  // namespace muster::api
