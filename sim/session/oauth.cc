#include "sim/session/oauth.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/text/strings.h"
#include "sim/world/codec.h"

namespace muster::sim {
namespace {

constexpr std::string_view kScheme = "OAuth";

// name="value" pairs between commas, decoded. Nothing when one is malformed or doubled.
std::optional<std::map<std::string, std::string>> parse_pairs(std::string_view text) {
  std::map<std::string, std::string> pairs;
  while (!(text = trim(text)).empty()) {
    const size_t equals = text.find("=\"");
    if (equals == std::string_view::npos) return std::nullopt;
    const size_t close = text.find('"', equals + 2);
    if (close == std::string_view::npos) return std::nullopt;
    const auto name = from_percent(trim(text.substr(0, equals)));
    const auto value = from_percent(text.substr(equals + 2, close - equals - 2));
    if (!name || !value || !pairs.emplace(*name, *value).second) return std::nullopt;
    text = trim(text.substr(close + 1));
    if (text.empty()) break;
    if (text[0] != ',') return std::nullopt;
    text.remove_prefix(1);
  }
  return pairs;
}

}  // namespace

std::optional<OAuthParameters> parse_oauth_header(std::string_view authorization) {
  authorization = trim(authorization);
  if (authorization.size() <= kScheme.size() ||
      !equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme))
    return std::nullopt;
  authorization.remove_prefix(kScheme.size());
  if (authorization[0] != ' ' && authorization[0] != '\t') return std::nullopt;
  const auto pairs = parse_pairs(authorization);
  if (!pairs) return std::nullopt;

  OAuthParameters parameters;
  bool has_method = false;
  bool has_timestamp = false;
  for (const auto& [name, value] : *pairs) {
    if (name == "realm") {
      parameters.realm = value;
      continue;
    }
    if (name == "oauth_signature") {
      parameters.signature = value;
      continue;
    }
    if (name == "oauth_consumer_key") {
      parameters.consumer_key = value;
    } else if (name == "oauth_token") {
      parameters.token = value;
    } else if (name == "oauth_nonce") {
      parameters.nonce = value;
    } else if (name == "oauth_signature_method") {
      if (value != "HMAC-SHA1") return std::nullopt;
      has_method = true;
    } else if (name == "oauth_version") {
      if (value != "1.0") return std::nullopt;
    } else if (name == "oauth_timestamp") {
      const auto [end, error] =
          std::from_chars(value.data(), value.data() + value.size(), parameters.timestamp_s);
      if (value.empty() || error != std::errc() || end != value.data() + value.size() ||
          parameters.timestamp_s <= 0)
        return std::nullopt;
      has_timestamp = true;
    } else {
      return std::nullopt;
    }
    parameters.signed_parameters.emplace_back(name, value);
  }
  if (!has_method || !has_timestamp || parameters.consumer_key.empty() || parameters.token.empty() ||
      parameters.nonce.empty() || parameters.signature.empty())
    return std::nullopt;
  return parameters;
}

std::string oauth_signature(std::string_view method, std::string_view base_url,
                            const std::vector<std::pair<std::string, std::string>>& parameters,
                            std::string_view consumer_secret, std::string_view token_secret) {
  std::vector<std::pair<std::string, std::string>> encoded;
  for (const auto& [name, value] : parameters) encoded.emplace_back(to_percent(name), to_percent(value));
  std::sort(encoded.begin(), encoded.end());
  std::string joined;
  for (const auto& [name, value] : encoded) joined += (joined.empty() ? "" : "&") + name + "=" + value;
  const std::string base = std::string(method) + "&" + to_percent(base_url) + "&" + to_percent(joined);
  return to_base64(hmac_sha1(to_percent(consumer_secret) + "&" + to_percent(token_secret), base),
                   Padding::with);
}

}  // namespace muster::sim
