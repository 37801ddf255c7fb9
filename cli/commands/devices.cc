#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json.hpp>
#include <ostream>

#include <algorithm>

#include "base/text/json.h"
#include "base/text/strings.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/input/serial_flag.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/go_time.h"
#include "cli/output/table.h"
#include "model/text/ids_text.h"

namespace muster::cli {

namespace {

Result<> report_missing(Call& call, const std::vector<std::string>& wanted,
                        const std::vector<const boost::json::object*>& devices) {
  size_t found = 0;
  for (const auto& serial : wanted) {
    const bool is_there = std::any_of(devices.begin(), devices.end(), [&](const auto* device) {
      return text_of(*device, "serial_number") == serial;
    });
    found += is_there;
    if (!is_there) call.warn(serial + ": not found");
  }
  return wanted.empty() ? Result<>{} : call.found(found, wanted.size(), "the server knows");
}

}  // namespace

Result<> get_devices(Call& call) {
  std::string serials, format = "table";
  auto flags = call.flags();
  flags.add("serials", &serials, "only these devices, comma separated; all of them without it", "A,B")
      .add_up();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(const auto wanted, serials_in_flag(serials));
  if (flags.given("serials") && wanted.empty()) return call.misuse(flags, "-serials names no device");

  boost::json::object body = {
      {"page", 0}, {"per_page", 0}, {"filter_serial", nullptr}, {"filter_udid", nullptr}};
  if (!wanted.empty()) body["filter_serial"] = to_array(wanted);
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.send("POST", "/v1/devices", std::move(body)));

  const auto devices = objects_of(answer, "devices");
  if (format == "json") {
    call.out() << write_json_indented(to_array(devices)) << '\n';
    return report_missing(call, wanted, devices);
  }
  Table table(call.out(), {"UDID", "SerialNumber", "EnrollmentStatus", "LastSeen"});
  for (const auto* device : devices)
    table.add({text_of(*device, "udid"), text_of(*device, "serial_number"),
               is_true(*device, "enrollment_status") ? "true" : "false",
               go_time(text_of(*device, "last_seen"))});
  table.flush();
  return report_missing(call, wanted, devices);
}

namespace {

boost::json::value array_or_null(const std::vector<std::string>& texts) {
  return texts.empty() ? boost::json::value(nullptr) : to_array(texts);
}

}  // namespace

Result<> remove_devices(Call& call) {
  std::string udid_list, serial_list;
  auto flags = call.flags();
  flags.add("serials", &serial_list, "comma separated list of device serials", "A,B").add_up();
  flags.add("udid", &udid_list, "comma separated list of device UDIDs, as MDM servers told them", "A,B")
      .add_up()
      .also("udids");
  MUSTER_TRY(call.parse(flags));
  const auto udids = split_pasted(udid_list);
  MUSTER_TRY(const auto serials, serials_in_flag(serial_list));
  if (udids.empty() && serials.empty()) return call.misuse(flags, "device UDID or Serial must be provided");

  const boost::json::object which = {{"udids", array_or_null(udids)}, {"serials", array_or_null(serials)}};
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", "/v1/devices", boost::json::object({{"Opts", which}})));
  auto removed = udids;
  removed.insert(removed.end(), serials.begin(), serials.end());
  call.out() << fmt::format("removed devices(s): {}\n", fmt::join(removed, ", "));
  return {};
}

}  // namespace muster::cli
