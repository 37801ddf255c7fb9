#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/call.h"
#include "cli/commands.h"

namespace muster::cli {

Result<> apply_dep_autoassigner(Call& call) {
  std::string filter = "*", uuid;
  auto flags = call.flags();
  flags.add("filter", &filter, "filter string: '*' is every new device", "FILTER");
  flags.add("uuid", &uuid, "DEP profile UUID to set (required)", "UUID");
  MUSTER_TRY(call.parse(flags));
  if (filter.empty() || uuid.empty()) return call.misuse(flags, "must provide both -filter and -uuid");

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("POST", "/v1/dep/autoassigners",
                         boost::json::object({{"filter", filter}, {"profile_uuid", uuid}})));
  call.out() << fmt::format(
      "saved auto-assign filter '{}' to DEP profile UUID '{}'\n"
      "newly added DEP devices will be auto-assigned to the above profile UUID\n",
      filter, uuid);
  return {};
}

}  // namespace muster::cli
