// This server as one of several that share a database: it works a fair share of the accounts, takes those of
// servers that are gone, does what operators asked other servers for, and tells those how far its runs are.
// Runs in a thread of its own.
//
// What keeps two servers from working one account is in the database (store/shared_store.h): a run's writes
// are refused once another server has taken the account. What is here only makes it notice soon.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

#include "base/guarded.h"
#include "base/time/followed_clock.h"
#include "model/account.h"
#include "store/shared_store.h"
#include "sync/lane_runner.h"
#include "sync/runs.h"
#include "sync/scheduler.h"

namespace muster::sync {

class Member {
 public:
  /// A server that dies is silent: after this long the others take its accounts.
  static constexpr Millis kLease = std::chrono::seconds(9);
  /// Three attempts before its right to its accounts ends.
  static constexpr Millis kRenewal = kLease / 3;

  struct Options {
    std::string name;     ///< of the server, for operators
    std::string version;  ///< of the program
    bool has_webhook = false;
    FollowedClock* clock = nullptr;  ///< gets the database's time; null for a test's clock
  };

  static Result<std::unique_ptr<Member>> join(SharedStore& store, Options options);
  /// Calls leave().
  ~Member();
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  /// Takes accounts, and goes on to. All must outlive leave(). `webhook` may be null.
  void begin(Scheduler& scheduler, LaneRunner& lane_runner, Webhook* webhook);
  /// Gives all accounts to the others. Call when the scheduler has stopped.
  void leave();

  ServerId id() const { return id_; }
  const std::string& name() const { return options_.name; }
  /// Whether this server may work the account, as it was read: its right has not ended. Any thread.
  bool works(const Account& account) const;
  /// Whether it works the account, and will go on. Any thread.
  bool holds(AccountId account) const;
  size_t account_count() const;
  /// Of an account that it works. Not before begin(). Any thread.
  Runs::Progress progress_of(AccountId account) const;
  bool may_send_events() const { return sends_events_ && has_right(); }

  /// A run has ended: requests may be done. Any thread.
  void run_ended();
  /// Accounts were created, or asked for: looks at once. Any thread.
  void look() { news_->wake(); }

  /// Waits until `is_done` gives true: asked now, whenever requests were finished, and each second. Up to
  /// `limit`.
  bool await_result(const std::function<bool()>& is_done, std::chrono::milliseconds limit,
                    std::stop_token stop);

 private:
  Member(SharedStore& store, Options options, ServerId id);

  struct Request {
    AccountId account{};
    Scheduler::Ticket ticket = 0;
  };

  // In real time, whatever clock the runs go by: it is the database that measures.
  using RealClock = std::chrono::steady_clock;
  bool has_right() const { return RealClock::now() < right_until_.load(); }
  void work();
  void turn(NewsStand::News news);
  void renew();
  void renewal_failed(const Error& error);
  Result<> join_again();
  void take(const ServerShare& share);
  void give_excess(size_t fair);
  void give_back();
  void drop_all();
  void take_requests();
  void finish_requests();
  void tell_progress();
  std::string text_of(AccountId account) const;
  void failed(const Error& error);

  SharedStore& store_;
  const Options options_;
  std::atomic<ServerId> id_;
  std::unique_ptr<NewsStand> news_;
  Scheduler* scheduler_ = nullptr;
  LaneRunner* lane_runner_ = nullptr;
  Webhook* webhook_ = nullptr;

  std::atomic<RealClock::time_point> right_until_{};
  std::atomic<bool> sends_events_ = false;
  std::atomic<bool> has_requests_ = false;
  struct Accounts {
    std::set<AccountId> held;
    std::set<AccountId> removed;  ///< of these, to be erased
    std::set<AccountId> leaving;  ///< of these, to be given to others when their runs have ended
  };
  Guarded<Accounts> accounts_;

  std::mutex results_mutex_;
  std::condition_variable_any results_;
  long long results_told_ = 0;

  // Used by the thread only.
  RealClock::time_point next_renewal_{};
  std::map<RequestId, Request> requests_;
  std::set<AccountId> running_, told_;
  bool is_failing_ = false;
  bool clock_differs_ = false;

  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace muster::sync
