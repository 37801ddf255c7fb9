#include "cli/handover/old_account.h"

namespace muster::cli {

std::optional<boost::json::object> token_of(const std::string& consumer_key,
                                            const std::string& consumer_secret,
                                            const std::string& access_token, const std::string& access_secret,
                                            const std::string& access_token_expiry) {
  if (consumer_key.empty() || consumer_secret.empty() || access_token.empty() || access_secret.empty())
    return std::nullopt;
  boost::json::object token{{"consumer_key", consumer_key},
                            {"consumer_secret", consumer_secret},
                            {"access_token", access_token},
                            {"access_secret", access_secret}};
  if (!access_token_expiry.empty()) token["access_token_expiry"] = access_token_expiry;
  return token;
}

}  // namespace muster::cli
