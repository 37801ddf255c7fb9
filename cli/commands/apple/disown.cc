// Releases devices from the organisation. Nobody can take that back, so it takes a flag that says so.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/client/plan_print.h"
#include "cli/commands/apple/answers.h"
#include "cli/commands/commands.h"
#include "cli/input/serial_flag.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"

namespace muster::cli {
namespace {

constexpr const char* kPath = "/api/v1/disowned";

Result<> preview_disowning(Call& call, Api& server, boost::json::object body, const std::string& format) {
  body["dry_run"] = true;
  MUSTER_TRY(const auto answer, server.send("POST", kPath, std::move(body)));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  const size_t devices = print_devices_named(call, answer);
  call.out() << fmt::format(
      "dry run: {} would be released from the organisation, for ever; {} of {} were released in the last 24 hours\n",
      devices_of(std::to_string(devices)), text_of(answer, "released_today"), text_of(answer, "limit"));
  return {};
}

Result<> print_released(Call& call, const boost::json::object& answer,
                        const std::vector<std::string>& serials) {
  const size_t released = warn_of_rejected(call, answer, serials, "released");
  call.out() << fmt::format("released {} from the organisation\n", devices_of(std::to_string(released)));
  return call.found(released, serials.size(), "Apple released");
}

}  // namespace

Result<> disown_dep_devices(Call& call) {
  std::string list, format = "table";
  bool dry_run = false, permanent = false;
  auto flags = call.flags();
  flags.add("serials", &list, "comma separated list of device serials (required)", "A,B").add_up();
  flags.add("dry-run", &dry_run, "show the devices, and release none");
  flags.add("i-know-this-is-permanent", &permanent, "release them; Apple does not give them back");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(const auto serials, serials_in_flag(list));
  if (serials.empty()) return call.misuse(flags, "must provide -serials");
  if (dry_run == permanent)
    return call.misuse(
        flags,
        "must provide either -dry-run, which shows the devices, or -i-know-this-is-permanent, which "
        "releases them");

  boost::json::object body{{"serials", to_array(serials)}};
  MUSTER_TRY(auto server, call.server());
  if (dry_run) return preview_disowning(call, server, std::move(body), format);
  body["permanent"] = true;
  MUSTER_TRY(const auto answer, server.send("POST", kPath, std::move(body)));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  return print_released(call, answer, serials);
}

}  // namespace muster::cli
