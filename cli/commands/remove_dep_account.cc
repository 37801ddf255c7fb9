#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "model/text/account_name.h"

namespace muster::cli {

Result<> remove_dep_account(Call& call) {
  std::string name;
  auto flags = call.flags();
  flags.add("name", &name, "name of the account to remove (required), as `mdmctl get dep-accounts` shows it",
            "NAME");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  MUSTER_TRY(parse_account_name(name));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", "/api/v1/accounts/" + name, boost::json::object()));
  call.out() << fmt::format("removed DEP account '{}' with its token, key pair, rules and devices\n", name);
  return {};
}

}  // namespace muster::cli
