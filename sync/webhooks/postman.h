// Brings one message to a receiver.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/time/clock.h"
#include "http/client/client.h"
#include "model/receiver.h"

namespace muster::sync {

/// How a receiver answered.
struct ReceiverAnswer {
  int status = 0;         ///< 0 for none
  std::string text = {};  ///< of one that is no success: its beginning, or why there was none
  Millis took{0};
  std::optional<Millis> retry_after = {};

  bool is_success() const { return status >= 200 && status < 300; }
  /// It says that it will never take this message.
  bool is_rejection() const;
  /// It wants no messages any more.
  bool is_gone() const { return status == 410; }
};

class Postman {
 public:
  /// A receiver that answers slower than this is as good as down.
  static constexpr Millis kPatience = std::chrono::seconds(10);

  /// `allow_private`: also to addresses of this machine and of private networks.
  Postman(Clock& clock, bool allow_private)
      : clock_(clock), allow_private_(allow_private), client_(kPatience) {}

  /// Code::cancelled only, when it was stopped.
  Result<ReceiverAnswer> bring(const Receiver& receiver, const std::string& id, const std::string& body,
                               std::stop_token stop);
  bool allows_private() const { return allow_private_; }

 private:
  Clock& clock_;
  const bool allow_private_;
  http::Client client_;
};

}  // namespace muster::sync
