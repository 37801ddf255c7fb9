// Where a scenario takes place: Apple's service simulated, the server, an operator's shell, and one time for
// all.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time/clock.h"
#include "http/client/client.h"
#include "tests/e2e/world/depsim.h"
#include "tests/scenario/muster_under_test.h"
#include "tests/support/temp_dir.h"
#include "tests/support/webhook_receiver.h"

namespace muster::test {

/// Longer than any scenario lasts.
inline constexpr long long kForeverMs = 3'600'000;

class Stage {
 public:
  /// Apple is there, Muster is not yet; it is 2026-03-01, 9 o'clock.
  Stage();

  const Depsim& apple() const { return apple_; }
  Time now() const { return now_; }
  Time apple_now() const { return now_ + apple_ahead_; }
  /// Apple's clock is that much ahead of ours from now on: the dates of rows and the `Date` header. It only
  /// goes forward.
  void put_apple_ahead(Millis ahead);
  std::string path(const std::string& name) const { return directory_.file(name); }

  /// With Apple's token in its hands, unless `with_token` is false; waits until it is quiet.
  void start_muster(const std::vector<std::string>& more_flags, bool with_token = true);
  void stop_muster();  ///< by SIGTERM; it must end well
  void kill_muster();  ///< by SIGKILL, now
  /// The running server; throws Failed when there is none.
  MusterUnderTest& muster();
  /// The logs of all servers so far.
  std::string log() const { return old_logs_ + (muster_ ? muster_->log() : ""); }

  /// Apple holds the next call of `endpoint`; when it has come, and has been done if `done`, the server is
  /// killed.
  void kill_when_apple_has(const std::string& endpoint, bool done);
  /// The server kills itself at a kill point.
  void kill_at(const std::string& point, long long passing);
  /// Someone sets the clock of Muster's machine, whether the server runs or not; Apple's and the story's time
  /// are as they were.
  void jump(Millis by);
  bool is_to_die() const { return must_die_; }

  /// A call of this account is held until the server ends: nobody waits for this account to come to rest.
  void stall(const std::string& account) { stalled_.insert(account); }
  /// Waits until Muster has nothing to do at this time, or is dead as it should be.
  void settle();
  /// Time continues for both sides. Muster does everything at its time on the way.
  void pass(Millis duration);

  /// A call of Muster's API with the key.
  http::Response call(const std::string& method, const std::string& path, const std::string& body = {}) const;
  /// The same; throws Failed unless the answer is 200 with JSON.
  boost::json::object get(const std::string& path) const;
  /// The account as GET /api/v1/accounts has it; throws Failed when it has none of that name.
  boost::json::object account(const std::string& name) const;

  /// A line as one types it into a shell: mdmctl and depsim are in PATH. The result is kept.
  const ProgramResult& run(const std::string& line);
  /// The same; throws Failed when it does not exit with 0.
  const ProgramResult& run_well(const std::string& line);
  const std::optional<ProgramResult>& last_run() const { return last_run_; }

  /// Profiles by the names that the scenario gave them.
  void name_profile(const std::string& name, const std::string& uuid) { profiles_[name] = uuid; }
  std::string uuid_of(const std::string& name) const;  ///< throws Failed for one that was never named
  /// The name, else the UUID as it is; "-" for none.
  std::string name_of(const std::string& uuid) const;

  /// An operator's own program, which is told of accounts by webhook.
  WebhookReceiver& webhook() { return webhook_; }

  /// Apple's book of calls since the last count_from_here().
  boost::json::array calls() const;
  void count_from_here();

 private:
  void bury();
  void set_apple_clock();
  bool is_quiet(std::optional<Time>* next = nullptr) const;
  std::string accounts_text() const;

  const TempDir directory_;
  WebhookReceiver webhook_;
  Time now_;
  Millis apple_ahead_{0};
  Millis wall_offset_{0};  // of Muster's wall clock
  Depsim apple_;
  mutable http::Client client_;
  std::unique_ptr<MusterUnderTest> muster_;
  std::string old_logs_;

  std::set<std::string> stalled_;  // accounts
  bool must_die_ = false;
  std::optional<long long> death_fault_;  // the fault that holds Apple's call
  bool death_after_effect_ = false;

  std::optional<ProgramResult> last_run_;
  std::map<std::string, std::string> profiles_;
};

}  // namespace muster::test
