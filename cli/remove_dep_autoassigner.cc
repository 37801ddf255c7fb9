#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/call.h"
#include "cli/commands.h"

namespace muster::cli {

Result<> remove_dep_autoassigner(Call& call) {
  std::string filter = "*";
  auto flags = call.flags();
  flags.add("filter", &filter, "filter of the rule to remove, as `mdmctl get dep-autoassigners` shows it",
            "FILTER");
  MUSTER_TRY(call.parse(flags));
  if (filter.empty()) return call.misuse(flags, "must provide -filter");

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", "/v1/dep/autoassigners", boost::json::object({{"filter", filter}})));
  call.out() << fmt::format("removed DEP profile associated with filter '{}'\n", filter);
  return {};
}

}  // namespace muster::cli
