// A change that may give many devices another profile: previewed, asked about, and made.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/flags.h"
#include "cli/api.h"

namespace muster::cli {

class Call;

/// The flags of every such command.
struct ChangeFlags {
  bool dry_run = false;
  bool yes = false;
  std::string format = "table";

  void add_to(FlagSet& flags);
  /// Code::invalid for a form of output that there is not, or that goes with -dry-run only.
  Result<> check() const;
};

/// One request to the server that takes {"dry_run", "most", "limit", "cursor"} beside `body`.
struct Change {
  std::string method;
  std::string path;
  boost::json::object body;
};

/// Previews the change (-dry-run), or makes it: at once where at most 100 devices change, else after asking, or with -yes.
/// Prints the plan. Gives the server's answer when it was made; nothing after a preview. Code::conflict when nobody
/// agreed.
Result<std::optional<boost::json::object>> make_change(Call& call, Api& server, const ChangeFlags& flags,
                                                       Change change);

}  // namespace muster::cli
