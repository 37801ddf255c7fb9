// Activation Lock: has Apple lock devices, and shows the codes that open them.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/client/plan_print.h"
#include "cli/commands/apple/answers.h"
#include "cli/commands/commands.h"
#include "cli/input/csv_file.h"
#include "cli/input/serial_flag.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"
#include "model/ids.h"
#include "model/text/csv_rows.h"

namespace muster::cli {
namespace {

constexpr const char* kLocksPath = "/api/v1/locks";
constexpr size_t kLockFileLimit = 1 << 20;  // bytes: a call locks a hundred devices

Result<std::vector<std::string>> serials_to_lock(const Call& call, const std::string& list,
                                                 const std::string& path) {
  if (path.empty()) return serials_in_flag(list);
  MUSTER_TRY(const auto csv, read_csv_file(call, path, kLockFileLimit));
  MUSTER_TRY(const auto rows, serials_of_csv(csv));
  std::vector<std::string> serials;
  for (const auto& serial : rows.serials) serials.push_back(serial.str());
  return serials;
}

Result<> report_locking(Call& call, const boost::json::object& answer,
                        const std::vector<std::string>& serials) {
  const size_t locked = warn_of_rejected(call, answer, serials, "locked");
  if (const auto error = text_of(answer, "error"); !error.empty()) call.warn(error);
  call.out() << fmt::format("locked {}\n", devices_of(std::to_string(locked)));
  if (locked == 0) return failure(Code::conflict, "Apple locked none of the devices");
  call.out() << "`mdmctl get bypass-code -serial SERIAL` shows the code that opens a device\n";
  return call.found(locked, serials.size(), "Apple locked");
}

}  // namespace

Result<> lock_dep_devices(Call& call) {
  std::string list, path, message, format = "table";
  bool dry_run = false;
  auto flags = call.flags();
  flags.add("serials", &list, "comma separated list of device serials", "A,B").add_up();
  flags.add(
      "f", &path,
      "CSV file with the serial numbers, in a column with a known name like `serial`; - reads standard input",
      "FILE");
  flags.add("message", &message, "what the locked devices show, such as whom to call", "TEXT");
  flags.add("dry-run", &dry_run, "show the devices, and lock none");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  if (list.empty() == path.empty()) return call.misuse(flags, "must provide either -serials or -f");
  if (dry_run && !message.empty())
    return call.misuse(flags, "-message has no effect with -dry-run: no device is locked");
  MUSTER_TRY(const auto serials, serials_to_lock(call, list, path));
  if (serials.empty()) return call.misuse(flags, "there is no serial number in what was given");

  boost::json::object body{{"serials", to_array(serials)}};
  if (!message.empty()) body["message"] = message;
  if (dry_run) body["dry_run"] = true;
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.send("POST", kLocksPath, std::move(body)));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  if (!dry_run) return report_locking(call, answer, serials);
  const size_t devices = print_devices_named(call, answer);
  call.out() << fmt::format("dry run: {} would be locked\n", devices_of(std::to_string(devices)));
  return {};
}

Result<> get_bypass_code(Call& call) {
  std::string text, format = "table";
  auto flags = call.flags();
  flags.add("serial", &text, "serial number of the locked device (required)", "SERIAL");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(const auto serials, serials_in_flag(text));
  if (serials.size() != 1) return call.misuse(flags, "must provide -serial with one serial number");
  MUSTER_TRY(auto server, call.server());
  const std::string account = call.account().empty() ? kDefaultAccount.str() : call.account();
  MUSTER_TRY(const auto answer,
             server.get(fmt::format("/api/v1/devices/{}/{}/bypass-code", percent_encode(account),
                                    percent_encode(serials.front()))));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  Table table(call.out(),
              {"SerialNumber", "BypassCode", "Opens", "MadeAt", "MadeBy", "Answer", "AnsweredAt"});
  table.add({text_of(answer, "serial_number"), text_of(answer, "code"), text_of(answer, "opens"),
             text_of(answer, "made_at"), text_of(answer, "made_by"), text_of(answer, "answer"),
             text_of(answer, "answered_at")});
  table.flush();
  if (const auto opens = text_of(answer, "opens"); opens == "no")
    call.warn("Apple has not locked the device with this code");
  else if (opens == "unknown")
    call.warn("Apple's answers do not say whether it has locked the device with this code");
  return {};
}

}  // namespace muster::cli
