// The server's API: from a request to its answer. route_table.cc has all calls.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "api/context.h"
#include "http/server/router.h"

namespace muster::api {

struct Api {
  /// For http::ServerOptions: rejects what has no key or a wrong one, or goes nowhere, before its body is
  /// read.
  std::function<std::optional<http::Response>(const http::Request& head)> admit;
  /// Answers every request: finds its route, checks the key, its role and accounts, calls the handler, and
  /// converts errors into answers.
  http::Handler handle;
};

/// The context must outlive it. `api_key` may do everything, beside the keys that are stored.
Api make_api(const Context& context, std::string api_key);

}  // namespace muster::api
