#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "cli/client/call.h"
#include "cli/client/move_devices.h"
#include "cli/commands/commands.h"
#include "cli/commands/profile_registry.h"
#include "cli/output/fields.h"

namespace muster::cli {

Result<> rollback_dep_profile(Call& call) {
  std::string name;
  long long version = 0;
  VersionFlags how;
  auto flags = call.flags();
  flags.add("name", &name, "the profile's name, as `mdmctl get dep-profiles` lists it (required)", "NAME");
  flags.add("version", &version, "the version to go to, without it the one before the current one", "N");
  how.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name");
  if (flags.given("version") && version < 1) return call.misuse(flags, "-version must be 1 or more");
  MUSTER_TRY(how.check());

  MUSTER_TRY(auto server, call.server());
  boost::json::object body;
  if (version > 0) body["version"] = version;
  const Change change{"POST", "/api/v1/profiles/" + percent_encode(name) + "/rollback", std::move(body)};
  MUSTER_TRY(make_change(call, server, how.change, change, [&](const boost::json::object& answer, bool made) {
    if (made)
      call.out() << fmt::format("Rolled back to DEP Profile with UUID {}\n", text_of(answer, "profile_uuid"))
                 << versions_text(answer);
    if (!how.move) print_plan_of(call, answer, made, !made);  // else -move tells of all devices
  }));
  return move_devices(call, server, how, name);
}

}  // namespace muster::cli
