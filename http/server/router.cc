#include "http/server/router.h"

#include <optional>

namespace muster::http {
namespace {

std::string_view take_segment(std::string_view& path) {
  if (!path.empty() && path[0] == '/') path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

std::optional<std::vector<std::string>> match_pattern(std::string_view pattern, std::string_view path) {
  std::vector<std::string> parameters;
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = take_segment(pattern);
    if (wanted.ends_with("...}")) {
      // What stands behind it in the pattern is the end of the path.
      const auto rest = path.substr(1);
      if (rest.size() <= pattern.size() || !rest.ends_with(pattern)) return std::nullopt;
      parameters.emplace_back(rest.substr(0, rest.size() - pattern.size()));
      return parameters;
    }
    const auto segment = take_segment(path);
    if (wanted.starts_with('{')) {
      if (segment.empty()) return std::nullopt;
      parameters.emplace_back(segment);
    } else if (wanted != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

}  // namespace

Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  for (const auto& route : routes_) {
    auto parameters = match_pattern(route.pattern, path);
    if (!parameters) continue;
    if (route.method == method) return {&route, std::move(*parameters), {}};
    match.allowed += (match.allowed.empty() ? "" : ", ") + route.method;
  }
  return match;
}

}  // namespace muster::http
