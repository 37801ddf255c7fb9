#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/client/call.h"
#include "cli/client/change.h"
#include "cli/commands/commands.h"

namespace muster::cli {

Result<> remove_dep_autoassigner(Call& call) {
  std::string filter = "*", name;
  ChangeFlags change;
  auto flags = call.flags();
  flags.add("filter", &filter, "filter of the rule to remove, as `mdmctl get dep-autoassigners` shows it",
            "FILTER");
  flags.add("name", &name, "or its name", "NAME");
  change.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(change.check());
  if (!name.empty() && flags.given("filter"))
    return call.misuse(flags, "-filter and -name exclude each other");
  if (filter.empty()) return call.misuse(flags, "must provide -filter");

  MUSTER_TRY(auto server, call.server());
  if (name.empty() && !change.dry_run && !change.yes) {  // MicroMDM's call, which every server understands
    MUSTER_TRY(server.send("DELETE", "/v1/dep/autoassigners", boost::json::object({{"filter", filter}})));
    call.out() << fmt::format("removed DEP profile associated with filter '{}'\n", filter);
    return {};
  }
  const auto which =
      name.empty() ? boost::json::object{{"filter", filter}} : boost::json::object{{"name", name}};
  const Change to_make{"DELETE", "/api/v1/assigners", which};
  return make_change(call, server, change, to_make, [&](const boost::json::object& answer, bool made) {
    if (made)
      call.out() << (name.empty() ? fmt::format("removed DEP profile associated with filter '{}'\n", filter)
                                  : fmt::format("removed the rule '{}'\n", name));
    print_plan_of(call, answer, made, true);
  });
}

}  // namespace muster::cli
