#include <ostream>

#include "cli/client/call.h"
#include "cli/client/pages.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/printable.h"
#include "model/text/plain_name.h"

namespace muster::cli {

Result<> get_device_list(Call& call) {
  std::string name;
  auto flags = call.flags();
  flags.add("name", &name, "name of the list (required), as `mdmctl get device-lists` shows it", "NAME");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  if (!is_plain_name(name)) return bad_plain_name(name, "a list");

  MUSTER_TRY(auto server, call.server());
  return each_page(server, "/api/v1/lists/" + name, [&](const boost::json::object& page) {
    for (const auto& serial : strings_of(page, "serials")) call.out() << printable(serial) << "\n";
    return static_cast<bool>(call.out());
  });
}

}  // namespace muster::cli
