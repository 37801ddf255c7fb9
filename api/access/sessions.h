// Who is signed in to the console: a browser has a signed text in place of an API key.
//
// The text says of which key it is and until when, and is signed with a secret that every server of an
// installation derives from its -api-key and from the stored digest of that key. So all servers know all
// sessions and store none, a copy of the database makes none, and each ends with its key: when that is
// removed, gets a new text or expires, and when -api-key is another one. What is stored is who signed out
// (ended_sessions.h).
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time/clock.h"
#include "model/api_key.h"

namespace muster::api {

struct Session {
  KeyId key = {};  ///< of the API key; "" for that of -api-key
  Time expires_at{};
  std::string text = {};  ///< that the browser has

  friend bool operator==(const Session&, const Session&) = default;
};

/// What is stored of a session that ended.
std::string digest_of_session(const Session& session);

class Sessions {
 public:
  static constexpr std::chrono::hours kLife{12};

  /// `flag_key`: the text of -api-key.
  explicit Sessions(std::string flag_key) : flag_key_(std::move(flag_key)) {}

  /// Of this key, `digest` being that of its text. Ends with the key at the latest.
  Session open(const ApiKey& key, std::string_view digest, Time now);
  /// What the text says, as long as it is of that form and its time is not over: it is not known yet whether
  /// it is true.
  static std::optional<Session> read(std::string_view text, Time now);
  /// Whether open() made it for a key with this digest. It may have ended since.
  bool is_genuine(const Session& session, std::string_view digest);

 private:
  const std::string& secret();
  std::string signature_of(std::string_view signed_part, std::string_view digest);

  const std::string flag_key_;
  std::once_flag derived_;
  std::string secret_;  // once derived
};

}  // namespace muster::api
