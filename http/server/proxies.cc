#include "http/server/proxies.h"

#include <algorithm>
#include <optional>

#include "base/text/strings.h"

namespace muster::http {
namespace {

// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`: proxies differ.
std::optional<IpAddress> address_in(std::string_view element) {
  if (element.starts_with('[')) return parse_ip(element.substr(1, element.find(']') - 1));
  const bool has_port = std::count(element.begin(), element.end(), ':') == 1;
  return parse_ip(has_port ? element.substr(0, element.find(':')) : element);
}

// All fields of a name, as one: a proxy may add a field of its own instead of an element.
std::vector<std::string> elements_of(const Headers& headers, std::string_view name) {
  std::vector<std::string> elements;
  for (const auto& [field, value] : headers)
    if (equals_ignoring_case(field, name))
      for (auto& element : split_list(value, ',')) elements.push_back(std::move(element));
  return elements;
}

}  // namespace

Result<Proxies> Proxies::parse(std::string_view text) {
  Proxies proxies;
  std::string list(text);
  std::replace(list.begin(), list.end(), ' ', ',');
  for (const auto& part : split_list(list, ',')) {
    MUSTER_TRY(const auto network, IpNetwork::parse(part));
    proxies.networks_.push_back(network);
  }
  return proxies;
}

bool Proxies::include(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const IpNetwork& network) { return network.contains(address); });
}

bool Proxies::include(std::string_view peer) const {
  const auto address = parse_ip(peer);
  return address && include(*address);
}

std::string Proxies::client_of(const std::string& peer, const Headers& headers) const {
  if (networks_.empty() || !include(peer)) return peer;
  std::string client = peer;
  const auto elements = elements_of(headers, "X-Forwarded-For");
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    const auto address = address_in(*element);
    if (!address) break;  // whoever stands before it was told of by nobody we know
    client = ip_text(*address);
    if (!include(*address)) break;
  }
  return client;
}

bool Proxies::has_https(const std::string& peer, const Headers& headers) const {
  if (networks_.empty() || !include(peer)) return false;
  const auto elements = elements_of(headers, "X-Forwarded-Proto");
  return !elements.empty() && equals_ignoring_case(elements.back(), "https");
}

}  // namespace muster::http
