// The calls of the API, each with what it takes, who may make it and who answers it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/console_handlers.h"
#include "api/handlers.h"

namespace muster::api {

/// The role that a call needs, nothing for one that needs no key: the table has one for each, so that none
/// can be forgotten.
using Needs = std::optional<Role>;

/// Which accounts a call speaks of. A key for some accounts can make it for these only, and cannot find out
/// whether there are others.
enum class Concerns {
  account,         ///< that of its path or of its parameter `account`: checked before the handler is called
  account_or_all,  ///< the same, or `*` for own_accounts
  own_accounts,    ///< all that the key is for: the handler takes them from own_accounts()
  installation,    ///< all that there are: only for keys for all accounts
  nothing,         ///< it says nothing of any account
};

/// Whether it asks Apple, and may last as long as Apple does.
enum class Pace { quick, slow, slow_with_wait };

/// No other parameters and members are accepted. A body that is a document of its own is checked by the
/// handler.
inline constexpr std::string_view kDocument = "(a document)";
/// Parameters: any, for Apple to check.
inline constexpr std::string_view kPassedOn = "(passed on)";

struct RouteEntry {
  const char* method;
  const char* pattern;
  Needs role;
  CallHandler handler;
  std::string_view parameters = {};  ///< of the query, names with spaces between them; see only_parameters()
  std::string_view members =
      {};  ///< of the body, a JSON object, likewise; kDocument where the handler checks it
  Pace pace = Pace::quick;
  Concerns concerns = Concerns::account;
  SessionHandler session_handler = nullptr;  ///< in place of `handler`
};

std::span<const RouteEntry> route_table();

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
