#include <boost/json.hpp>

#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/input/serial_flag.h"
#include "cli/output/fields.h"
#include "cli/output/go_time.h"
#include "cli/output/table.h"

namespace muster::cli {

Result<> get_devices(Call& call) {
  std::string serials;
  auto flags = call.flags();
  flags.add("serials", &serials, "only these devices, comma separated; all of them without it", "A,B");
  MUSTER_TRY(call.parse(flags));
  const auto wanted = serials_in_flag(serials);
  if (flags.given("serials") && wanted.empty()) return call.misuse(flags, "-serials names no device");

  boost::json::object body = {
      {"page", 0}, {"per_page", 0}, {"filter_serial", nullptr}, {"filter_udid", nullptr}};
  if (!wanted.empty()) body["filter_serial"] = to_array(wanted);
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.send("POST", "/v1/devices", std::move(body)));

  Table table(call.out(), {"UDID", "SerialNumber", "EnrollmentStatus", "LastSeen"});
  for (const auto* device : objects_of(answer, "devices"))
    table.add({text_of(*device, "udid"), text_of(*device, "serial_number"),
               is_true(*device, "enrollment_status") ? "true" : "false",
               go_time(text_of(*device, "last_seen"))});
  table.flush();
  return {};
}

}  // namespace muster::cli
