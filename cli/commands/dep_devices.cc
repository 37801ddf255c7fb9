#include <fmt/format.h>
#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "cli/client/call.h"
#include "cli/client/pages.h"
#include "cli/commands/commands.h"
#include "cli/input/file_kind.h"
#include "cli/input/serial_flag.h"
#include "cli/output/device_list.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"

namespace muster::cli {

namespace {

constexpr int kPageSize = 1000;  // devices of one request to our server

// Of the server's database.
struct WantedDevices {
  std::string filter;
  bool uncovered = false, late = false, all_accounts = false;
};

// Asks Apple, through the server. Devices come in the order in which they were named.
Result<> print_some(Call& call, const std::vector<std::string>& serials, DeviceList& list) {
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer,
             server.send("POST", "/v1/dep/devices", boost::json::object{{"serials", to_array(serials)}}));
  const auto* found = answer.if_contains("devices");
  const boost::json::object none;
  const boost::json::object& devices = found && found->is_object() ? found->get_object() : none;

  size_t found_count = 0;
  for (const auto& serial : serials) {
    const auto* device = devices.if_contains(serial);
    const std::string status =
        device && device->is_object() ? text_of(device->get_object(), "response_status") : "";
    if (!device || !device->is_object())
      call.warn(fmt::format("{}: no answer for this serial number", serial));
    else if (!status.empty() && status != "SUCCESS")
      call.warn(fmt::format("{}: {}", serial, status));
    else {
      list.add(device->get_object());
      ++found_count;
    }
  }
  list.finish();
  return call.found(found_count, serials.size(), "Apple knows");
}

// Reads the server's own database, page by page; Apple is not asked.
Result<> print_all(Call& call, const WantedDevices& wanted, DeviceList& list) {
  MUSTER_TRY(auto server, call.server());
  std::string path = fmt::format("/api/v1/devices?limit={}", kPageSize);
  if (wanted.all_accounts) path += "&account=*";
  if (!wanted.filter.empty()) path += "&filter=" + percent_encode(wanted.filter);
  if (wanted.uncovered) path += "&uncovered=1";
  if (wanted.late) path += "&late=1";
  bool read_on = true;
  MUSTER_TRY(each_page(server, path, [&](const boost::json::object& page) {
    for (const auto* device : objects_of(page, "devices")) list.add(*device);
    list.end_page();
    return read_on = static_cast<bool>(call.out());
  }));
  if (!read_on) return {};  // nobody reads on; run() says so
  list.finish();
  return {};
}

}  // namespace

Result<> get_dep_devices(Call& call) {
  std::string serials, format = "table";
  WantedDevices wanted;
  auto flags = call.flags();
  flags
      .add("serials", &serials,
           "comma separated list of device serials to ask Apple about; without it, every device in the "
           "server's database",
           "A,B")
      .add_up();
  flags.add("filter", &wanted.filter,
            "only the devices of the server's database that this filter covers, like 'family = iPad': see "
            "docs/filters.md",
            "FILTER");
  flags.add("uncovered", &wanted.uncovered,
            "only the devices that arrived and that no rule covered, which get no profile until one does");
  flags.add("late", &wanted.late,
            "only the devices that did not enroll in the time that -enroll-within gives them: see "
            "docs/enrollments.md");
  add_form(flags, &format, {"table", "json", "csv"});
  flags.add("all-accounts", &wanted.all_accounts,
            "the devices of every DEP account, with the account's name; one that is moving from one to "
            "another may be "
            "in both");
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(const auto named, serials_in_flag(serials));
  MUSTER_TRY(check_shell_star(wanted.filter));
  if (flags.given("serials") && named.empty()) return call.misuse(flags, "-serials names no device");
  if (flags.given("filter") && !named.empty())
    return call.misuse(flags,
                       "-filter chooses from the server's database, -serials asks Apple: leave one out");
  for (const auto& [is_given, flag] :
       {std::pair(wanted.uncovered, "-uncovered"), std::pair(wanted.late, "-late")})
    if (is_given && !named.empty())
      return call.misuse(
          flags,
          fmt::format("{} chooses from the server's database, -serials asks Apple: leave one out", flag));
  if (wanted.uncovered && wanted.late)
    return call.misuse(flags,
                       "-uncovered and -late exclude each other: no rule gave an uncovered device a profile");
  if (wanted.all_accounts && (!named.empty() || flags.given("account")))
    return call.misuse(flags, "-all-accounts reads the whole database: leave out -serials and -account");
  const auto list = make_device_list(format, wanted.all_accounts, call.out());
  return named.empty() ? print_all(call, wanted, *list) : print_some(call, named, *list);
}

}  // namespace muster::cli
