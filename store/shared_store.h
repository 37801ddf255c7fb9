// What servers that share one database agree on: which of them works which account, what operators asked
// another one for, and its progress.
//
// An account is worked by one server at a time. A server's right to its accounts ends unless it renews it in
// time, by the database's clock; then others take them. Whoever takes an account makes its epoch grow
// (Account::epoch), so that whatever an earlier worker still writes is refused (WriteScope::of_run()). An
// account is taken behind its writes in progress.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct ServerInfo {
  ServerId id{};
  std::string name;
  std::string version;
  Time started{};
  Millis silent_for{};  ///< since it renewed its right last
  bool is_alive = false;
  long long accounts = 0;
};

/// What a server works, as of a renewal.
struct ServerShare {
  std::vector<AccountId> accounts{};  ///< in order; those that were removed, and are to be erased, too
  std::vector<AccountId> removed{};   ///< of these, in order
  size_t fair = 0;                    ///< how many each server should work
  bool sends_events = false;          ///< to the webhook
  Time now{};                         ///< by the database's clock
};

/// What an operator asked a server for that does not work the account.
struct WorkRequest {
  enum class Kind {
    sync,       ///< the changes
    full_sync,  ///< and the full list
    work,       ///< something is to be assigned, or asked
    restart,    ///< the account was changed
  };
  RequestId id{};
  AccountId account{};
  Kind kind = Kind::sync;

  friend bool operator==(const WorkRequest&, const WorkRequest&) = default;
};

/// How far a request or an account's runs are. The text is the worker's.
struct Progress {
  AccountId account{};
  bool is_running = false;
  std::string report;
};

/// Waits for what other servers, or other threads of this one, have to say. One thread at a time.
class NewsStand {
 public:
  virtual ~NewsStand() = default;
  struct News {
    bool accounts = false;  ///< accounts came or went, or a server left
    bool requests = false;  ///< there are new ones
    bool results = false;   ///< of requests
    bool events = false;    ///< for the webhook
  };
  /// Returns at the latest after `limit`. While the connection is lost, each second with everything.
  virtual News wait(Millis limit) = 0;
  /// Ends the wait in progress, or the next one, at once. Any thread.
  virtual void wake() = 0;
};

class SharedStore {
 public:
  virtual ~SharedStore() = default;

  /// A server begins. Its ID was never another's. It is alive for `lease` from now on.
  virtual Result<ServerId> join(const std::string& name, const std::string& version, Millis lease) = 0;
  /// It ends: its accounts are free at once.
  virtual Result<> leave(ServerId server) = 0;
  /// Renews the server's right to its accounts for `lease` from now on, and takes free ones up to its fair
  /// share: those of no server, or of one whose right has ended. Accounts that are being written are left for
  /// the next time. Code::not_found when the server was silent for so long that it was forgotten: it must
  /// join again. Code::conflict when a newer program has changed the schema: nothing was renewed, and this
  /// one must work no more.
  virtual Result<ServerShare> renew(ServerId server, Millis lease, bool may_send_events) = 0;
  /// Nobody works these from now on. Those of other servers stay.
  virtual Result<> release(ServerId server, std::span<const AccountId> accounts) = 0;
  /// Accounts that no living server works, in order: they are about to be taken.
  virtual Result<std::vector<AccountId>> free_accounts() = 0;
  /// In order of ID. Those that are silent for more than a day are forgotten.
  virtual Result<std::vector<ServerInfo>> servers() = 0;

  virtual Result<RequestId> request(AccountId account, WorkRequest::Kind kind) = 0;
  /// Requests without a result for accounts that the server works.
  virtual Result<std::vector<WorkRequest>> requests_of(ServerId server) = 0;
  /// The accounts of all requests without a result.
  virtual Result<std::vector<AccountId>> accounts_asked_for() = 0;
  virtual Result<> finish(RequestId request, const std::string& report) = 0;
  /// The report it was finished with; nothing while it is not. Code::not_found for a request that is not
  /// known (any more): they are forgotten an hour after their end; and for one of another account.
  virtual Result<std::optional<std::string>> result_of(AccountId account, RequestId request) = 0;

  virtual Result<> put_progress(std::span<const Progress> progress) = 0;
  /// What was put last, if that is at most `age` ago.
  virtual Result<std::vector<Progress>> progress(Millis age) = 0;

  virtual std::unique_ptr<NewsStand> news_stand() = 0;

  /// Code::conflict names a living server that seals with another master key than this one.
  virtual Result<> check_same_first_key() = 0;

  /// Writes of runs that were refused because another server works the account, or its token was replaced.
  virtual long long refused_writes() const = 0;
};

}  // namespace muster
