// A change that may give many devices another profile: previewed, asked about, and made.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "base/text/flags.h"
#include "cli/client/api.h"

namespace muster::cli {

class Call;

/// The flags of every such command.
struct ChangeFlags {
  bool dry_run = false;
  bool yes = false;
  std::string format = "table";
  /// The remedy where nobody agrees to a change of many devices.
  const char* when_refused = "Add -yes to confirm, or -dry-run to see every device";

  void add_to(FlagSet& flags);
  /// Code::invalid for a form of output that there is not, or that goes with -dry-run only.
  Result<> check() const;
};

/// One request to the server that takes {"dry_run", "max_changes", "limit", "cursor"} beside `body`; in its
/// query where a `document` is sent as it is written instead.
struct Change {
  std::string method;
  std::string path;
  boost::json::object body;
  std::string document{};
};

/// Prints what became of a change, or would become: the server's answer, and its plan.
using Say = std::function<void(const boost::json::object& answer, bool made)>;

/// Previews the change (-dry-run), or makes it: at once where at most 100 devices change, else after asking,
/// or with -yes. `say` is called once; not for a preview that lists every device. Code::conflict when nobody
/// agreed.
Result<> make_change(Call& call, Api& server, const ChangeFlags& flags, const Change& change, const Say& say);

/// The plan in an answer, printed; `even_if_empty`: also when no device is concerned.
void print_plan_of(Call& call, const boost::json::object& answer, bool made, bool even_if_empty);

}  // namespace muster::cli
