// The table of routes: method, pattern, handler. It answers 404 and 405 by itself.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace muster::http {

using Handler = std::function<Response(const Request&)>;

struct Route {
  std::string method;
  /// `/v1/dep/devices` or `/api/v1/devices/{account}/{serial}`; a placeholder matches one non-empty segment,
  /// and `{rest...}` all that follows, or all up to what follows it in the pattern:
  /// `/profiles/{name...}/rollback`.
  std::string pattern;
  Handler handler;
};

struct Match {
  const Route* route = nullptr;         ///< null: see `allowed`
  std::vector<std::string> parameters;  ///< the placeholders' values, in order
  std::string allowed;                  ///< methods of the path, "GET, PUT"; empty when no pattern fits (404)
};

class Router {
 public:
  explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}
  Match match(std::string_view method, std::string_view path) const;
  /// In the order in which they were given.
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace muster::http
