// Apple's service in this process, whose answers are spoilt as a story says: depsim behind an
// http::Transport.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "http/client/transport.h"
#include "sim/simulator.h"
#include "tests/explore/call.h"
#include "tests/explore/story/story.h"
#include "tests/support/manual_clock.h"

namespace muster::explore {

class BrokenApple final : public http::Transport {
 public:
  /// `clock` is the server's; Apple's is set by it before each call. `begin`: the story's.
  BrokenApple(const Plot& plot, std::vector<Fault> faults, ManualClock& clock, Time begin);

  Result<http::Response> send(const http::ClientRequest& request, std::stop_token stop = {}) override;

  /// A call of /control. Throws when depsim rejects it: then the story makes no sense.
  void control(const std::string& path, const std::string& body);

  /// The account's token.
  sim::Token token();
  /// Defines a profile, past all faults; returns its UUID.
  std::string define_profile(const std::string& name);

  /// The profile that Apple really has for the device: its UUID, "" for none; nothing when it is not in the
  /// account.
  std::optional<std::string> profile_of(const std::string& serial);

  /// Calls from now on are someone's who waits for the answer.
  void set_by_operator(bool by_operator) { by_operator_ = by_operator; }

  /// Called before each call, when time may have passed within one: what happens at Apple meanwhile.
  void on_call(std::function<void()> on_call) { on_call_ = std::move(on_call); }

  /// The next call has its effect; it and all later ones are answered to nobody, until revive().
  void die_in_next_call() { death_ = Death::near; }
  bool is_dead() const { return death_ == Death::here; }
  void revive() { death_ = Death::far; }

  /// No answer is spoilt from now on, whatever the faults say.
  void heal() { healed_ = true; }
  /// Whether some fault may still come.
  bool is_healthy() const;
  const std::vector<Call>& calls() const { return calls_; }

 private:
  struct Active {
    Fault fault;
    int seen = 0;
    int used = 0;
  };
  enum class Death { far, near, here };

  const Answer* take(const std::string& call, const Serials& serials);
  void set_clock();
  Serials without_profile(const Call& call);
  void judge_assignment(Call& call);
  void believe(const Call& call, const http::Response& answer);
  void doubt(const Call& call, const http::Response& answer);

  ManualClock& clock_;
  const Time begin_;
  std::unique_ptr<sim::Simulator> sim_;
  std::mutex mutex_;  // the page reader's threads call, too
  std::vector<Active> faults_;
  std::function<void()> on_call_;
  Millis ahead_{};  // Apple's clock
  std::vector<Call> calls_;
  std::set<std::string> doubted_;  // serials of which Muster may have heard something wrong
  bool by_operator_ = false;
  bool healed_ = false;
  Death death_ = Death::far;
};

}  // namespace muster::explore
