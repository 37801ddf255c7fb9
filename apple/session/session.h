// The session with Apple: one per token, renewed once by one thread when Apple says that it has expired.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "base/time/clock.h"
#include "http/client/client.h"
#include "model/account.h"

namespace muster::apple {

/// The headers that every request to Apple carries (apple-dep-api.md section 2.3), with the limits of ours on
/// it.
http::ClientRequest apple_request(std::string method, std::string url);

class Session {
 public:
  /// The transport and the clock must outlive it.
  Session(std::string base_url, Token token, http::Transport& transport, const Clock& clock);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Sends `request` with a session, a new one if there is none. When Apple rejects the session (401, or 403
  /// with FORBIDDEN), the request is sent once more with a new one; a session that is new already is not
  /// replaced, so that a request costs at most one `GET /session` and one repetition whatever Apple answers.
  /// Any thread, many at once.
  ///
  /// Returns Apple's last answer, whatever its status. Errors: no answer (see http::Client::send); Apple's
  /// refusal of a new session, as error_of() says it.
  Result<http::Response> send(http::ClientRequest request, std::stop_token stop);

  /// Whether Apple rejected the last session that was asked for, so that no call can go out.
  bool is_refused();

 private:
  // What a request goes out with.
  struct Grant {
    std::string value;             // of X-ADM-Auth-Session
    std::uint64_t generation = 0;  // tells this value from those before and after it
    std::uint64_t renewal = 0;     // the `GET /session` it stems from
    bool is_new = false;           // came from a renewal that this very request waited for
  };

  // The present session unless it is of generation `rejected`; else a new one.
  Result<Grant> grant(std::uint64_t refused, std::stop_token stop);
  // One `GET /session`.
  Result<std::string> open(std::stop_token stop) const;
  // Any answer may carry the session to use from then on.
  void take_over(const http::Response& response, const Grant& used);
  // Forgets a session that was rejected although new, so that the next request begins with another one.
  void forget(const Grant& refused);

  // Constant after construction.
  const std::string base_url_;
  const Token token_;
  http::Transport& transport_;
  const Clock& clock_;

  // Not Guarded<T>, because threads wait on it.
  std::mutex mutex_;
  std::condition_variable_any renewed_;
  // Guarded by mutex_.
  std::string value_;                  // "" when there is none
  std::uint64_t generation_ = 1;       // of value_; goes up with each change. 0 is nobody's
  std::uint64_t renewals_ = 0;         // `GET /session`s that have ended, well or not
  bool renewing_ = false;              // some thread is at it
  std::optional<Error> last_failure_;  // of the last renewal
};

}  // namespace muster::apple
