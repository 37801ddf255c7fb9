#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/client/call.h"
#include "cli/client/change.h"
#include "cli/commands/commands.h"
#include "cli/input/csv_file.h"
#include "cli/output/fields.h"

namespace muster::cli {
namespace {

constexpr size_t kFileLimit = 6 << 20;  // bytes; the server takes 8 MiB of JSON

}  // namespace

Result<> apply_device_notes(Call& call) {
  std::string path;
  ChangeFlags change;
  auto flags = call.flags();
  flags.add(
      "f", &path,
      "CSV file (required) with the columns serial, name, owner, group, asset_tag, or some of them and a "
      "header; - reads standard input",
      "FILE");
  change.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(change.check());
  if (path.empty()) return call.misuse(flags, "must provide -f parameter");

  MUSTER_TRY(auto csv, read_csv_file(call, path, kFileLimit));
  MUSTER_TRY(auto server, call.server());
  const Change wanted{"PUT", "/api/v1/notes", {{"csv", std::move(csv)}}};
  return make_change(call, server, change, wanted, [&](const boost::json::object& answer, bool made) {
    call.out() << fmt::format("{}notes: {} added, {} changed, {} removed, {} as they were\n",
                              made ? "" : "dry run, nothing is changed: ", text_of(answer, "added"),
                              text_of(answer, "changed"), text_of(answer, "removed"),
                              text_of(answer, "same"));
    print_plan_of(call, answer, made, false);
  });
}

}  // namespace muster::cli
