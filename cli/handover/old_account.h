// What another server (NanoDEP, MicroMDM) knows of a DEP account, wherever it was read.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time/clock.h"

namespace muster::cli {

struct OldKeyPair {
  std::string certificate_pem;
  std::string private_key_pem;
};

struct OldAccount {
  std::string name;  ///< there
  std::optional<boost::json::object> token{};
  std::string base_url{};                  ///< "" for Apple's own
  std::vector<OldKeyPair> key_pairs{};     ///< newest first
  std::string assigner{};                  ///< UUID of the profile for every device that arrives
  std::vector<std::string> profiles{};     ///< UUIDs of profiles that devices have
  std::string cursor{};                    ///< in Apple's list of changes
  std::optional<Time> cursor_stored{};     ///< when it was
  std::vector<std::string> unavailable{};  ///< what this source does not give, one line each

  bool is_empty() const { return !token && key_pairs.empty() && assigner.empty() && cursor.empty(); }
};

/// Where accounts are read.
class OldServer {
 public:
  virtual ~OldServer() = default;
  /// `NanoDEP`
  virtual std::string_view program() const = 0;
  virtual Result<std::vector<std::string>> names() = 0;
  /// Code::not_found when there is nothing of that name.
  virtual Result<OldAccount> account(const std::string& name) = 0;
};

/// A token as text in pieces, as Apple's portal names them. Nothing when a piece is missing.
std::optional<boost::json::object> token_of(const std::string& consumer_key,
                                            const std::string& consumer_secret,
                                            const std::string& access_token, const std::string& access_secret,
                                            const std::string& access_token_expiry);

}  // namespace muster::cli
