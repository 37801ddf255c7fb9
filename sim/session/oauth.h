// OAuth 1.0a (RFC 5849) as Apple's /session wants it: HMAC-SHA1, parameters in the Authorization header.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::sim {

struct OAuthParameters {
  std::string realm;  ///< "" when absent
  std::string consumer_key;
  std::string token;
  std::string signature;  ///< base64
  std::string nonce;
  long long timestamp_s = 0;
  /// All but realm and signature, decoded: what the signature covers.
  std::vector<std::pair<std::string, std::string>> signed_parameters;
};

/// Nothing when the header is no OAuth header, or a parameter is missing, doubled, unknown or unsupported:
/// all of that is one answer of Apple's, 400 oauth_problem_advice.
std::optional<OAuthParameters> parse_oauth_header(std::string_view authorization);

/// The signature, base64. `base_url` without query, e.g. https://mdmenrollment.apple.com/session; `query`
/// decoded.
std::string oauth_signature(std::string_view method, std::string_view base_url,
                            const std::vector<std::pair<std::string, std::string>>& parameters,
                            std::string_view consumer_secret, std::string_view token_secret);

}  // namespace muster::sim
