#include "apple/session/oauth.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/hmac.h"
#include "base/text/encoding.h"
#include "base/text/strings.h"

namespace muster::apple {
namespace {

constexpr size_t kNonceBytes = 16;

using Parameters = std::vector<std::pair<std::string, std::string>>;

Parameters parameters_of(const Token& token, const OauthStamp& stamp) {
  return {{"oauth_consumer_key", token.consumer_key},
          {"oauth_token", token.access_token},
          {"oauth_signature_method", "HMAC-SHA1"},
          {"oauth_timestamp", std::to_string(stamp.timestamp)},
          {"oauth_nonce", stamp.nonce},
          {"oauth_version", "1.0"}};
}

// RFC 5849 section 3.4.1.2: scheme and host in lower case, the scheme's own port left out.
std::string base_string_url(const std::string& url) {
  const size_t scheme_end = url.find("://");
  if (scheme_end == std::string::npos) return url;
  const size_t path = std::min(url.find('/', scheme_end + 3), url.size());
  std::string origin = to_lower(url.substr(0, path));
  const std::string_view own_port = origin.starts_with("https:") ? ":443" : ":80";
  if (origin.ends_with(own_port)) origin.resize(origin.size() - own_port.size());
  return origin + url.substr(path);
}

}  // namespace

OauthStamp fresh_stamp(Time now) {
  return {std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count(),
          hex_lower(random_bytes(kNonceBytes))};
}

std::string oauth_signature(const std::string& method, const std::string& url, const Token& token,
                            const OauthStamp& stamp) {
  Parameters parameters = parameters_of(token, stamp);
  std::sort(parameters.begin(), parameters.end());
  std::string joined;
  for (const auto& [name, value] : parameters)
    joined += (joined.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);

  const std::string base = method + "&" + percent_encode(base_string_url(url)) + "&" + percent_encode(joined);
  const std::string key = percent_encode(token.consumer_secret) + "&" + percent_encode(token.access_secret);
  return base64_encode(hmac_sha1(key, base));
}

std::string oauth_header(const std::string& method, const std::string& url, const Token& token,
                         const OauthStamp& stamp) {
  // The realm is optional at Apple's, and in Apple's example.
  std::string header = "OAuth realm=\"ADM\"";
  Parameters parameters = parameters_of(token, stamp);
  parameters.emplace_back("oauth_signature", oauth_signature(method, url, token, stamp));
  for (const auto& [name, value] : parameters) header += ", " + name + "=\"" + percent_encode(value) + "\"";
  return header;
}

}  // namespace muster::apple
