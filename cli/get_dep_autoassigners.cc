#include "cli/call.h"
#include "cli/commands.h"
#include "cli/fields.h"
#include "cli/table.h"

namespace muster::cli {

Result<> get_dep_autoassigners(Call& call) {
  auto flags = call.flags();
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/v1/dep/autoassigners"));

  Table table(call.out(), {"Filter", "DEP Profile UUID"});
  for (const auto* assigner : objects_of(answer, "autoassigners"))
    table.add({text_of(*assigner, "filter"), text_of(*assigner, "profile_uuid")});
  table.flush();
  return {};
}

}  // namespace muster::cli
