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
  /// For http::ServerOptions: rejects what has no key or a wrong one, or goes nowhere, before its body is read.
  std::function<std::optional<http::Response>(const http::Request& head)> admit;
  /// Answers every request: finds its route, checks the key, its role and accounts, calls the handler, and converts errors
  /// into answers.
  http::Handler handle;
};

/// The context must outlive it. `api_key` may do everything, beside the keys that are stored.
Api make_api(const Context& context, std::string api_key);

/// Which accounts a call speaks of. A key for some accounts can make it for these only, and cannot find out whether there are others.
enum class Concerns {
  account,         ///< that of its path or of its parameter `account`: checked before the handler is called
  account_or_all,  ///< the same, or `*` for own_accounts
  own_accounts,    ///< all that the key is for: the handler takes them from own_accounts()
  installation,    ///< all that there are: only for keys for all accounts
  nothing,         ///< it says nothing of any account
};

/// What a call takes, for tests of all calls.
struct KnownCall {
  std::string method, pattern;
  std::vector<std::string> parameters, members;  ///< of the query, and of the body
  std::vector<std::string> repeatable;           ///< of the parameters, those that may come more than once
  bool takes_document = false;                   ///< the body is no object with `members`
  bool passes_on = false;                        ///< query and body, whatever they are, to Apple
  std::optional<Role> role;                      ///< that it needs; nothing for a call that needs no key
  Concerns concerns = Concerns::account;
};
std::vector<KnownCall> known_calls();

}  // namespace muster::api
