// The calls of Apple's service that are simulated, by the names that faults and counts use.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace muster::sim {

struct Endpoint {
  std::string_view name;
  std::string_view method;
  std::string_view path;

  std::string text() const { return std::string(method) + " " + std::string(path); }
};

constexpr Endpoint kEndpoints[] = {
    {"session", "GET", "/session"},
    {"account", "GET", "/account"},
    {"fetch", "POST", "/server/devices"},
    {"sync", "POST", "/devices/sync"},
    {"details", "POST", "/devices"},
    {"disown", "POST", "/devices/disown"},
    {"define", "POST", "/profile"},
    {"profile", "GET", "/profile"},
    {"assign", "POST", "/profile/devices"},
    {"assign", "PUT", "/profile/devices"},
    {"remove", "DELETE", "/profile/devices"},
    {"activationlock", "POST", "/device/activationlock"},
    {"replacement", "GET", "/device/replacementDetails"},
    {"discovery", "POST", "/account-driven-enrollment/profile"},
    {"discovery", "GET", "/account-driven-enrollment/profile"},
    {"discovery", "DELETE", "/account-driven-enrollment/profile"},
    {"beta", "GET", "/os-beta-enrollment/tokens"},
};

/// Whether `wanted` means this call: `*`, its name, its path, or method and path (`PUT /profile/devices`).
inline bool names_endpoint(std::string_view wanted, const Endpoint& endpoint) {
  return wanted == "*" || wanted == endpoint.name || wanted == endpoint.path || wanted == endpoint.text();
}

}  // namespace muster::sim
