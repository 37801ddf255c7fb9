#include "http/url.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>

#include <boost/url.hpp>
#include <charconv>
#include <optional>

#include "base/text/utf8.h"

namespace muster::http {
namespace {

// A target in absolute form, as proxies get it: servers must take it, too (RFC 9112 section 3.2.2).
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const size_t path = target.find('/', scheme.size());
    return path == std::string_view::npos ? "/" : target.substr(path);
  }
  return target;
}

// MicroMDM's default is `:https`. Small systems have no /etc/services.
std::optional<unsigned short> port_of_service(const std::string& name) {
  if (name == "http") return 80;
  if (name == "https") return 443;
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return {};
  servent entry{}, *found = nullptr;
  std::array<char, 1024> buffer{};
  if (::getservbyname_r(name.c_str(), "tcp", &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
    return {};
  return ntohs(static_cast<unsigned short>(found->s_port));
}

bool is_of_http(const boost::urls::result<boost::urls::url_view>& url) {
  return url && (url->scheme() == "http" || url->scheme() == "https") && !url->host().empty();
}

}  // namespace

Result<> parse_target(std::string_view target, std::string& path, Query& query) {
  target = without_authority(target);
  // `*` is not ours; authority-form neither.
  if (target.empty() || target[0] != '/')
    return failure(Code::invalid, "the request target is not an absolute path");
  const auto parsed = boost::urls::parse_origin_form(target);
  if (!parsed) return failure(Code::invalid, "the request target has invalid characters");
  path = parsed->path();
  boost::urls::encoding_opts plus_is_space;
  plus_is_space.space_as_plus = true;
  for (const auto& param : boost::urls::params_view(parsed->encoded_query(), plus_is_space)) {
    const bool is_nothing = param.key.empty() && !param.has_value;  // between two `&`, or behind the last one
    if (is_nothing) continue;
    query.add(std::string(param.key), param.has_value ? std::string(param.value) : "");
  }
  // What they hold comes back in answers, and those are JSON.
  bool text = is_utf8(path);
  for (const auto& [name, value] : query) text = text && is_utf8(name) && is_utf8(value);
  if (!text) return failure(Code::invalid, "the request target is not UTF-8");
  return {};
}

Result<> check_url(std::string_view url) {
  if (is_of_http(boost::urls::parse_uri(url))) return {};
  return failure(Code::invalid, "not a URL of the form https://HOST[:PORT][/PATH]");
}

Result<std::string> parse_base_url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  // What stands before an @ may be a password.
  const std::string shown =
      url.find('@') == std::string_view::npos ? "\"" + std::string(url) + "\"" : "the URL";
  if (!is_of_http(parsed))
    return failure(Code::invalid, shown + " is not a URL of the form https://HOST[:PORT]");
  if (parsed->has_userinfo())
    return failure(Code::invalid,
                   "the URL contains a user name or a password, and it is shown in logs and answers",
                   "Remove the part before the @");
  if (parsed->has_query() || parsed->has_fragment())
    return failure(Code::invalid, shown + " must not have a query or a fragment");
  while (!url.empty() && url.back() == '/') url.remove_suffix(1);
  return std::string(url);
}

Result<Address> parse_address(std::string_view text) {
  const size_t colon = text.rfind(':');
  const auto bad = [&] {
    return failure(Code::invalid,
                   "\"" + std::string(text) + "\" is not an address of the form HOST:PORT or :PORT");
  };
  if (colon == std::string_view::npos) return bad();
  Address address{.host = std::string(text.substr(0, colon)), .port = 0};
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']')
    address.host = address.host.substr(1, address.host.size() - 2);
  else if (address.host.find(':') != std::string::npos)
    return bad();
  const auto digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (!digits.empty() && error == std::errc() && end == digits.data() + digits.size()) return address;
  const auto port = port_of_service(std::string(digits));
  if (!port) return bad();
  address.port = *port;
  return address;
}

std::string authority_of(const Address& address, const std::string& host_of_all) {
  const std::string& host = address.host.empty() ? host_of_all : address.host;
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(address.port);
}

}  // namespace muster::http
