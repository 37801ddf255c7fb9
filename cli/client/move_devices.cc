#include "cli/client/move_devices.h"

#include <boost/json.hpp>

#include "base/text/encoding.h"
#include "cli/client/call.h"

namespace muster::cli {

void VersionFlags::add_to(FlagSet& flags) {
  flags.add("move", &move,
            "give the version to the devices that have, or are to have, another version of the profile");
  change.add_to(flags);
}

Result<> VersionFlags::check() const {
  MUSTER_TRY(change.check());
  if (move && change.dry_run)
    return failure(Code::invalid,
                   "bad input: -dry-run shows what rules move that follow the name, and -move moves more",
                   "Leave one of them out");
  return {};
}

Result<> move_devices(Call& call, Api& server, const VersionFlags& flags, const std::string& name) {
  if (!flags.move || name.empty())
    return {};  // a first version has none to move from, and the answer no name
  const Change change{"POST", "/api/v1/profiles/" + percent_encode(name) + "/move", {}};
  const auto moved = make_change(
      call, server, {.yes = flags.change.yes, .when_refused = "Add -yes to confirm"}, change,
      [&](const boost::json::object& answer, bool made) { print_plan_of(call, answer, made, true); });
  if (!moved)
    return failure(
        moved.error().while_doing("the version is the present one, but its devices were not moved"));
  return {};
}

}  // namespace muster::cli
