#include <fmt/format.h>
#include <boost/json.hpp>
#include <ostream>

#include "base/text/json.h"
#include "base/text/strings.h"
#include "cli/client/call.h"
#include "cli/client/change.h"
#include "cli/client/pages.h"
#include "cli/commands/commands.h"
#include "cli/input/csv_file.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/printable.h"
#include "cli/output/table.h"
#include "model/text/csv_rows.h"
#include "model/text/plain_name.h"

namespace muster::cli {

namespace {

constexpr size_t kListLimit = 4 << 20;  // bytes; the server takes 8 MiB of JSON

// A file without serial numbers is a mistake more often than a wish: -replace by nothing asks.
Result<> check_emptying(Call& call, Change& wanted, const std::string& column, bool replace,
                        const ChangeFlags& change) {
  const auto rows = serials_of_csv(wanted.body["csv"].as_string(), column);
  const bool is_empty =
      rows ? rows->serials.empty() : trim(std::string_view(wanted.body["csv"].as_string())).empty();
  if (!is_empty || !replace) return {};
  if (!change.dry_run && !change.yes && !call.ask("The file has no serial numbers. Empty the list?"))
    return failure(Code::conflict, "the file has no serial numbers, and nobody confirmed to empty the list",
                   "To make the list empty, add -yes");
  wanted.body["allow_empty"] = true;
  return {};
}

}  // namespace

Result<> apply_device_list(Call& call) {
  std::string name, path, column;
  bool add = false, remove = false, replace = false;
  ChangeFlags change;
  auto flags = call.flags();
  flags.add("name", &name, "name of the list (required); a filter asks it by `serial in @NAME`", "NAME");
  flags.add(
      "f", &path,
      "CSV file with the serial numbers (required), in a column with a known name like `serial`; - reads standard input",
      "FILE");
  flags.add("column", &column,
            "the column of the serial numbers, by its name or number, where the file's header is not known",
            "COLUMN");
  flags.add("add", &add, "add them to the existing list");
  flags.add("remove", &remove, "remove them from the existing list");
  flags.add("replace", &replace, "make them the whole list, whether it exists or not");
  change.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(change.check());
  if (name.empty() || path.empty()) return call.misuse(flags, "must provide both -name and -f");
  if (!is_plain_name(name)) return bad_plain_name(name, "a list");
  if (add + remove + replace > 1) return call.misuse(flags, "choose one of -add, -remove and -replace");

  MUSTER_TRY(auto csv, read_csv_file(call, path, kListLimit, replace));
  MUSTER_TRY(auto server, call.server());
  const char* mode = add ? "add" : remove ? "remove" : replace ? "replace" : "create";
  Change wanted{"PUT", "/api/v1/lists/" + name, {{"csv", std::move(csv)}, {"mode", mode}}};
  if (!column.empty()) wanted.body["column"] = column;
  MUSTER_TRY(check_emptying(call, wanted, column, replace, change));
  return make_change(call, server, change, wanted, [&](const boost::json::object& answer, bool made) {
    const std::string repeated = text_of(answer, "repeated");
    if (repeated != "0") call.warn(fmt::format("{} rows repeat a serial number of a row above", repeated));
    const char* done = !made                        ? "dry run, nothing is changed: "
                       : is_true(answer, "created") ? "made "
                                                    : "changed ";
    call.out() << fmt::format("{}list '{}': {} added, {} removed, {} serial numbers in it\n", done, name,
                              text_of(answer, "added"), text_of(answer, "removed"), text_of(answer, "size"));
    print_plan_of(call, answer, made, false);
  });
}

Result<> get_device_list(Call& call) {
  std::string name, format = "text";
  auto flags = call.flags();
  flags.add("name", &name, "name of the list (required), as `mdmctl get device-lists` shows it", "NAME");
  add_form(flags, &format, {"text", "json"});
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  if (!is_plain_name(name)) return bad_plain_name(name, "a list");

  MUSTER_TRY(auto server, call.server());
  if (format == "json") {
    boost::json::array all;
    MUSTER_TRY(each_page(server, "/api/v1/lists/" + name, [&](const boost::json::object& page) {
      for (const auto& serial : strings_of(page, "serials")) all.emplace_back(serial);
      return true;
    }));
    call.out() << write_json_indented(all) << '\n';
    return {};
  }
  return each_page(server, "/api/v1/lists/" + name, [&](const boost::json::object& page) {
    for (const auto& serial : strings_of(page, "serials")) call.out() << printable(serial) << "\n";
    return static_cast<bool>(call.out());
  });
}

Result<> get_device_lists(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/lists"));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  Table table(call.out(), {"Name", "Serials", "Version", "Updated"});
  for (const auto* list : objects_of(answer, "lists"))
    table.add({text_of(*list, "name"), text_of(*list, "size"), text_of(*list, "version"),
               text_of(*list, "updated_at")});
  table.flush();
  return {};
}

Result<> remove_device_list(Call& call) {
  std::string name;
  auto flags = call.flags();
  flags.add("name", &name, "name of the list to remove (required), as `mdmctl get device-lists` shows it",
            "NAME");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  if (!is_plain_name(name)) return bad_plain_name(name, "a list");

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", "/api/v1/lists/" + name, boost::json::object()));
  call.out() << fmt::format("removed list '{}'\n", name);
  return {};
}

}  // namespace muster::cli
