// The server's API: from a request to its answer. routes.cc starts with a table of all calls.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/context.h"
#include "http/server/router.h"

namespace muster::api {

struct Api {
  /// For http::ServerOptions: rejects what lacks the key, or goes nowhere, before its body is read.
  std::function<std::optional<http::Response>(const http::Request& head)> admit;
  /// Answers every request: finds its route, checks the key, calls the handler, and converts errors into answers.
  http::Handler handle;
};

/// The context must outlive it.
Api make_api(const Context& context, std::string api_key);

/// What a call takes, for tests of all calls.
struct KnownCall {
  std::string method, pattern;
  std::vector<std::string> parameters, members;  ///< of the query, and of the body
  bool takes_document = false;                   ///< the body is no object with `members`
  bool is_open = false;                          ///< needs no key
};
std::vector<KnownCall> known_calls();

}  // namespace muster::api
