#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/client/call.h"
#include "cli/client/change.h"
#include "cli/commands/commands.h"
#include "cli/input/csv_file.h"
#include "cli/output/fields.h"
#include "model/text/plain_name.h"

namespace muster::cli {
namespace {

constexpr size_t kFileLimit = 4 << 20;  // bytes; the server takes 8 MiB of JSON

}  // namespace

Result<> apply_device_list(Call& call) {
  std::string name, path;
  bool add = false, remove = false, replace = false;
  ChangeFlags change;
  auto flags = call.flags();
  flags.add("name", &name, "name of the list (required); a filter asks it by `serial in @NAME`", "NAME");
  flags.add("f", &path,
            "CSV file with the serial numbers (required): the column `serial`, or the first one; - reads "
            "standard input",
            "FILE");
  flags.add("add", &add, "add them to the list that is there");
  flags.add("remove", &remove, "remove them from the list that is there");
  flags.add("replace", &replace, "make them the whole list, whether it is there or not");
  change.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(change.check());
  if (name.empty() || path.empty()) return call.misuse(flags, "must provide both -name and -f");
  if (!is_plain_name(name)) return bad_plain_name(name, "a list");
  if (add + remove + replace > 1) return call.misuse(flags, "choose one of -add, -remove and -replace");

  MUSTER_TRY(auto csv, read_csv_file(call, path, kFileLimit));
  MUSTER_TRY(auto server, call.server());
  const char* mode = add ? "add" : remove ? "remove" : replace ? "replace" : "create";
  const Change wanted{"PUT", "/api/v1/lists/" + name, {{"csv", std::move(csv)}, {"mode", mode}}};
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

}  // namespace muster::cli
