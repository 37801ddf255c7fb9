// The sessions issued by /session, and the nonces it has seen.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "sim/world/settings.h"

namespace muster::sim {

class SessionTable {
 public:
  /// A new session of `account`; its token has the shape of Apple's live ones.
  std::string open(int account, long long now_ms, const Settings& settings);

  /// The account whose session this is, alive or not; nothing when there never was one. For the log and for
  /// faults.
  std::optional<int> account_of(const std::string& token) const;

  struct Use {
    int account = -1;
    std::string replacement;  ///< the session to use from now on; "" when it stays
  };
  /// One call with a session: nothing when it does not exist or has ended.
  std::optional<Use> use(const std::string& token, long long now_ms, const Settings& settings);

  /// Ends the sessions of one account, or with -1 of all. Returns how many were alive.
  size_t end(int account, long long now_ms);
  size_t alive(int account, long long now_ms) const;

  /// False when this nonce was used with this token and time before. Forgets nonces older than
  /// `forget_before_s`.
  bool take_nonce(const std::string& token, long long timestamp_s, const std::string& nonce,
                  long long forget_before_s);

 private:
  struct Session {
    int account = -1;
    long long issued_ms = 0;
    long long ends_ms = 0;
    long long calls = 0;
    bool replaced = false;
  };
  void forget_ended(long long now_ms);
  void end_oldest_over(int account, long long most, long long now_ms);

  std::unordered_map<std::string, Session> sessions_;
  std::map<long long, std::set<std::string>> nonces_;  // by timestamp; token and nonce
};

}  // namespace muster::sim
