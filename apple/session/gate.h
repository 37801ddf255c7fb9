// A transport that obeys `Retry-After`: until then it sends nothing, neither calls nor `GET /session`,
// whoever asks. It sees every answer, and so also learns Apple's clock.
#pragma once

#include <optional>

#include "apple/session/apple_clock.h"
#include "base/guarded.h"
#include "base/time/clock.h"
#include "http/client/transport.h"

namespace muster::apple {

class Gate final : public http::Transport {
 public:
  /// Both must outlive it.
  Gate(http::Transport& transport, const Clock& clock) : transport_(transport), clock_(clock) {}

  /// As Transport::send. Code::unreachable with Error::remote.retry_after, in whole seconds, when Apple asked
  /// for no call yet (is_held_back()): then nothing was sent.
  Result<http::Response> send(const http::ClientRequest& request, std::stop_token stop = {}) override;

  /// Before this time, of our clock, nothing is sent. Nothing when there is no such time, or it has passed.
  std::optional<Time> not_before() const;
  /// Replaces it, e.g. after a restart; nothing opens the gate.
  void set_not_before(std::optional<Time> time);

  AppleClock& apple_clock() { return apple_clock_; }
  const AppleClock& apple_clock() const { return apple_clock_; }

 private:
  http::Transport& transport_;
  const Clock& clock_;
  AppleClock apple_clock_;
  Guarded<std::optional<Time>> not_before_;
};

}  // namespace muster::apple
