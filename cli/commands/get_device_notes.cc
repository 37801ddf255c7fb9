#include <ostream>

#include "base/text/csv.h"
#include "cli/client/call.h"
#include "cli/client/pages.h"
#include "cli/commands/commands.h"
#include "cli/output/csv_out.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

std::vector<std::string> cells_of(const boost::json::object& note) {
  return {text_of(note, "serial_number"), text_of(note, "name"), text_of(note, "owner"),
          text_of(note, "group"), text_of(note, "asset_tag")};
}

}  // namespace

Result<> get_device_notes(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  flags.add("o", &format, "form of output: table, or csv, which `mdmctl apply device-notes` takes", "FORM");
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(check_form(format, {"table", "csv"}));

  MUSTER_TRY(auto server, call.server());
  if (format == "csv") {
    call.out() << csv_record({"serial", "name", "owner", "group", "asset_tag"});
    return each_page(server, "/api/v1/notes", [&](const boost::json::object& page) {
      for (const auto* note : objects_of(page, "notes")) call.out() << csv_out(cells_of(*note));
      return static_cast<bool>(call.out());
    });
  }
  Table table(call.out(), {"SerialNumber", "Name", "Owner", "Group", "AssetTag"});
  MUSTER_TRY(each_page(server, "/api/v1/notes", [&](const boost::json::object& page) {
    for (const auto* note : objects_of(page, "notes")) table.add(cells_of(*note));
    table.flush();
    return static_cast<bool>(call.out());
  }));
  return {};
}

}  // namespace muster::cli
