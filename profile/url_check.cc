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

constexpr const char* kPutName = "Put your server's name there";

// What templates and scripts put where a name belongs: <host>, %3Chost%3E, {{host}}, ${HOST}, $HOST, [host].
bool has_placeholder(std::string_view text) {
  const std::string lower = to_lower(text);
  for (const std::string_view mark : {"<", ">", "%3c", "%3e", "{", "}", "%7b", "%7d", "$(", "%24{", "`"})
    if (lower.find(mark) != std::string::npos) return true;
  const size_t dollar = text.find('$');
  return dollar != std::string_view::npos && dollar + 1 < text.size() && text[dollar + 1] >= 'A' &&
         text[dollar + 1] <= 'Z';
}

// `host`: without port. Only what can be told from the name alone.
std::optional<Complaint> complaint_about_name(std::string_view host) {
  const std::string lower = to_lower(host);
  if (has_placeholder(host) || host.find('$') != std::string_view::npos ||
      host.find('*') != std::string_view::npos)
    return Complaint{fmt::format("{} is a placeholder", shown(std::string(host))), kPutName};
  for (const std::string_view placeholder : {"host", "hostname", "fqdn", "yourserver", "your-server",
                                             "your_server", "yourdomain", "changeme", "server_url"})
    if (lower == placeholder || lower.starts_with(std::string(placeholder) + "."))
      return Complaint{fmt::format("{} is a placeholder", shown(std::string(host))), kPutName};
  if (lower.ends_with(".tld"))
    return Complaint{fmt::format("{} is a placeholder", shown(std::string(host))), kPutName};
  const bool is_local = lower == "localhost" || lower.ends_with(".localhost") || lower.starts_with("127.") ||
                        lower == "0.0.0.0" || lower == "[::1]" || lower == "[::]";
  if (is_local)
    return Complaint{
        fmt::format("{} is this machine itself, which no device can reach", shown(std::string(host))),
        kPutName};
  if (host.starts_with('[')) return {};
  size_t begin = 0;
  const auto name =
      lower.ends_with('.') ? std::string_view(lower).substr(0, lower.size() - 1) : std::string_view(lower);
  constexpr size_t kLongestLabel = 63, kLongestName = 253;  // RFC 1035
  while (begin <= name.size()) {
    const size_t end = std::min(name.find('.', begin), name.size());
    const auto label = name.substr(begin, end - begin);
    const bool is_good = !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
                         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                                  c == '%' || static_cast<unsigned char>(c) >= 0x80;
                         });
    if (!is_good)
      return Complaint{fmt::format("{} is not the name of a host", shown(std::string(host))),
                       label.empty() ? "Remove one of the dots" : kPutName};
    begin = end + 1;
  }
  if (name.size() > kLongestName)
    return Complaint{fmt::format("{} is too long for the name of a host", shown(std::string(host))),
                     kPutName};
  return {};
}

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
    return Complaint{fmt::format("{} is not a port", shown(std::string(authority.substr(colon + 1)))),
                     "A port is a number up to 65535; without one it is 443"};
  return complaint_about_name(authority.substr(0, colon));
}

std::optional<Complaint> complaint_about(const std::string& text) {
  if (text.empty()) return Complaint{"it is empty", fmt::format("It looks like \"{}\"", kExample)};
  if (trim(text).size() != text.size())
    return Complaint{"it begins or ends with white space", "Remove the white space"};
  if (has_placeholder(text))
    return Complaint{fmt::format("{} has a placeholder in it", shown(text)), kPutName};
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
