#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/table.h"

namespace muster::cli {

Result<> get_device_lists(Call& call) {
  auto flags = call.flags();
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/lists"));

  Table table(call.out(), {"Name", "Serials", "Version", "Updated"});
  for (const auto* list : objects_of(answer, "lists"))
    table.add({text_of(*list, "name"), text_of(*list, "size"), text_of(*list, "version"),
               text_of(*list, "updated_at")});
  table.flush();
  return {};
}

}  // namespace muster::cli
