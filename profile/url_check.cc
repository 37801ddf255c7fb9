// The form of the addresses in a profile: RFC 2396, and what devices can reach.
#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>

#include "base/text/encoding.h"
#include "base/text/strings.h"
#include "profile/values.h"

namespace muster {
namespace {

constexpr size_t kLongest = 2000;  // characters, URL-encoded
constexpr const char* kExample = "https://mdm.example.org/enroll";

// As Apple counts it: what is beyond ASCII is three characters a byte.
std::string url_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text)
    encoded +=
        static_cast<unsigned char>(c) >= 0x80 ? percent_encode(std::string_view(&c, 1)) : std::string(1, c);
  return encoded;
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

struct Complaint {
  std::string reason, remedy;
};

std::optional<Complaint> complaint_about_characters(const std::string& text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])))
      return Complaint{"a % in it has no two hex digits after it", "Write %25 for a percent sign"};
    const bool is_forbidden = std::string_view("\"<>\\^`{|}\x7F").find(c) != std::string_view::npos;
    if (static_cast<unsigned char>(c) > ' ' && !is_forbidden) continue;
    const std::string name = c == ' ' ? "a space" : shown(std::string(1, c));
    return Complaint{fmt::format("it has {} in it", name),
                     fmt::format("In an address that is {}", percent_encode(std::string_view(&c, 1)))};
  }
  return {};
}

bool is_port(std::string_view digits) {
  if (digits.empty() || digits.size() > 5) return false;
  long port = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + (c - '0');
  }
  return port >= 1 && port <= 65535;
}

// `authority`: what stands between // and the path.
std::optional<Complaint> complaint_about_host(std::string_view authority) {
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  const size_t address_end = authority.starts_with('[') ? authority.find(']') : 0;
  const size_t colon = authority.find(':', std::min(address_end, authority.size()));
  if (authority.empty() || colon == 0)
    return Complaint{"it names no host", fmt::format("It looks like \"{}\"", kExample)};
  if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1)))
    return Complaint{fmt::format("{} is no port", shown(std::string(authority.substr(colon + 1)))),
                     "A port is a number up to 65535; without one it is 443"};
  return {};
}

std::optional<Complaint> complaint_about(const std::string& text) {
  if (text.empty()) return Complaint{"it is empty", fmt::format("It looks like \"{}\"", kExample)};
  if (trim(text).size() != text.size())
    return Complaint{"it begins or ends with white space", "Take that out"};
  if (auto complaint = complaint_about_characters(text)) return complaint;
  const size_t scheme_end = text.find("://");
  if (scheme_end == std::string::npos)
    return Complaint{fmt::format("{} is not a whole address", shown(text)),
                     fmt::format("It looks like \"{}\"", kExample)};
  const std::string scheme = to_lower(text.substr(0, scheme_end));
  if (scheme != "https" && scheme != "http")
    return Complaint{fmt::format("devices enroll by https, not by {}", shown(scheme)), "Write https://"};
  const size_t host = scheme_end + 3;
  const size_t host_end = std::min(text.find_first_of("/?#", host), text.size());
  if (auto complaint = complaint_about_host(std::string_view(text).substr(host, host_end - host)))
    return complaint;
  const std::string encoded = url_encoded(text);
  if (encoded.size() > kLongest)
    return Complaint{fmt::format("it has {} characters when URL-encoded, and Apple takes {} at most",
                                 encoded.size(), kLongest),
                     "Shorten it"};
  if (!boost::urls::parse_uri(encoded))
    return Complaint{fmt::format("{} is not an address by RFC 2396", shown(text)),
                     fmt::format("It looks like \"{}\"", kExample)};
  return {};
}

}  // namespace

MaybeFault check_url(const std::string& text, std::string_view word) {
  if (auto complaint = complaint_about(text))
    return ProfileFault{.word = std::string(word), .reason = complaint->reason, .remedy = complaint->remedy};
  if (to_lower(text.substr(0, 6)) != "https:")
    return ProfileFault{.severity = ProfileFinding::Severity::warning,
                        .reason = "Apple's documentation knows https only",
                        .remedy = "Devices may refuse plain http"};
  return {};
}

}  // namespace muster
