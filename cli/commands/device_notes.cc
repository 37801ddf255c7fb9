#include <fmt/format.h>
#include <boost/json.hpp>
#include <ostream>

#include "base/text/csv.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/client/change.h"
#include "cli/client/pages.h"
#include "cli/commands/commands.h"
#include "cli/input/csv_file.h"
#include "cli/output/csv_out.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"

namespace muster::cli {

namespace {

constexpr size_t kNotesLimit = 6 << 20;  // bytes; the server takes 8 MiB of JSON

}  // namespace

Result<> apply_device_notes(Call& call) {
  std::string path, column;
  ChangeFlags change;
  auto flags = call.flags();
  flags.add(
      "f", &path,
      "CSV file (required) with the columns serial, name, owner, group, asset_tag, or some of them and a "
      "header; - reads standard input",
      "FILE");
  flags.add("column", &column,
            "the column of the serial numbers, by its name or number, where the file's header is not known",
            "COLUMN");
  change.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(change.check());
  if (path.empty()) return call.misuse(flags, "must provide -f parameter");

  MUSTER_TRY(auto csv, read_csv_file(call, path, kNotesLimit));
  MUSTER_TRY(auto server, call.server());
  Change wanted{"PUT", "/api/v1/notes", {{"csv", std::move(csv)}}};
  if (!column.empty()) wanted.body["column"] = column;
  return make_change(call, server, change, wanted, [&](const boost::json::object& answer, bool made) {
    call.out() << fmt::format("{}notes: {} added, {} changed, {} removed, {} as they were\n",
                              made ? "" : "dry run, nothing is changed: ", text_of(answer, "added"),
                              text_of(answer, "changed"), text_of(answer, "removed"),
                              text_of(answer, "same"));
    print_plan_of(call, answer, made, false);
  });
}

namespace {

std::vector<std::string> cells_of(const boost::json::object& note) {
  return {text_of(note, "serial_number"), text_of(note, "name"), text_of(note, "owner"),
          text_of(note, "group"), text_of(note, "asset_tag")};
}

}  // namespace

Result<> get_device_notes(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format, {"table", "csv", "json"}, "`mdmctl apply device-notes` takes csv");
  MUSTER_TRY(call.parse(flags));

  MUSTER_TRY(auto server, call.server());
  if (format == "csv") {
    call.out() << csv_record({"serial", "name", "owner", "group", "asset_tag"});
    return each_page(server, "/api/v1/notes", [&](const boost::json::object& page) {
      for (const auto* note : objects_of(page, "notes")) call.out() << csv_out(cells_of(*note));
      return static_cast<bool>(call.out());
    });
  }
  if (format == "json") {
    boost::json::array all;
    MUSTER_TRY(each_page(server, "/api/v1/notes", [&](const boost::json::object& page) {
      for (const auto* note : objects_of(page, "notes")) all.push_back(*note);
      return true;
    }));
    call.out() << write_json_indented(all) << '\n';
    return {};
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
