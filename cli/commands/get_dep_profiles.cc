#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/os/files.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/commands/profile_registry.h"
#include "cli/output/fields.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

void print_table(Call& call, const boost::json::object& profile) {
  const auto truth = [&](std::string_view key) { return is_true(profile, key) ? "true" : "false"; };
  Table table(call.out(), {"Name", "Mandatory", "Removable", "AwaitConfigured", "SkippedItems"});
  table.add({text_of(profile, "profile_name"), truth("is_mandatory"), truth("is_mdm_removable"),
             truth("await_device_configured"),
             fmt::format("{}", fmt::join(strings_of(profile, "skip_setup_items"), ","))});
  table.flush();
}

}  // namespace

Result<> get_dep_profiles(Call& call) {
  std::string uuid, path, name, format = "table";
  auto flags = call.flags();
  flags.add("uuid", &uuid, "show this one as Apple has it", "UUID");
  flags.add("f", &path, "with -uuid: filename to save the DEP profile to, as JSON; - prints it", "FILE");
  flags.add("name", &name, "list all versions of this name", "NAME");
  flags.add("o", &format, "form of a list: table or json", "FORM");
  MUSTER_TRY(call.parse(flags));
  if (uuid.empty() && flags.given("uuid")) return call.misuse(flags, "-uuid is empty");
  if (uuid.empty() && !path.empty()) return call.misuse(flags, "-f saves one profile: name it by -uuid");
  if (!uuid.empty() && (flags.given("name") || flags.given("o")))
    return call.misuse(flags, "-uuid shows one profile: leave out -name and -o");
  if (uuid.empty()) return list_profiles(call, name, format);

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(auto profile, server.send("POST", "/v1/dep/profiles", boost::json::object{{"uuid", uuid}}));
  if (profile.empty()) return failure(Code::not_found, "the server gave no profile with UUID " + uuid);

  if (path.empty()) {
    print_table(call, profile);
    return {};
  }
  const std::string text = write_json_indented(std::move(profile)) + "\n";
  if (path == "-") {
    call.out() << text;
    return {};
  }
  MUSTER_TRY(write_file(path, text));
  call.out() << fmt::format("Wrote DEP profile {} to: {}\n", uuid, path);
  return {};
}

}  // namespace muster::cli
