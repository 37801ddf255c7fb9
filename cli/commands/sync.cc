#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

constexpr int kPatience = 2;  // seconds that one request waits: how often people see progress

std::string progress_of(const boost::json::object& report) {
  return fmt::format("{} pages, {} devices, {} arrivals, {} assigned", text_of(report, "pages"),
                     text_of(report, "devices"), text_of(report, "arrivals"), text_of(report, "assigned"));
}

// Waits for the run to end, however long it takes.
Result<boost::json::object> watch(Call& call, Api& server, boost::json::object report) {
  while (!is_true(report, "done")) {
    call.progress(progress_of(report));
    MUSTER_TRY(report, server.send("POST",
                                   fmt::format("/v1/dep/syncnow?wait={}&sync_id={}", kPatience,
                                               text_of(report, "sync_id")),
                                   boost::json::object{}));
  }
  call.progress("");
  return report;
}

void print_table(Call& call, const boost::json::object& report) {
  Table table(call.out(), {"Pages", "Devices", "Arrivals", "Left", "Assigned", "Failed", "Waiting"});
  table.add({text_of(report, "pages"), text_of(report, "devices"), text_of(report, "arrivals"),
             text_of(report, "left"), text_of(report, "assigned"), text_of(report, "failed"),
             text_of(report, "waiting")});
  table.flush();
}

Result<> print(Call& call, const boost::json::object& report, bool as_table) {
  if (as_table) print_table(call, report);
  if (const auto error = text_of(report, "error"); !error.empty())
    return failure(Code::remote, error, text_of(report, "remedy"));
  if (const auto failed = text_of(report, "failed"); failed != "0")
    return failure(
        Code::remote, "Apple rejected " + failed + (failed == "1" ? " device" : " devices"),
        "Rejected devices are retried automatically; `mdmctl get dep-accounts` counts those that wait");
  return {};
}

}  // namespace

Result<> sync(Call& call) {
  bool wait = false, full = false;
  std::string format = "table";
  auto flags = call.flags();
  flags.add("wait", &wait, "wait for the end and print the result; the exit code is 0 when all went well");
  flags.add("full", &full, "read the full list too, not only what changed");
  add_form(flags, &format, {"table", "json"}, "of the result that -wait prints");
  MUSTER_TRY(call.parse(flags));
  if (flags.given("o") && !wait) return call.misuse(flags, "-o has no effect without -wait");
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(auto report,
             server.send("POST", full ? "/v1/dep/syncnow?wait=0&full=1" : "/v1/dep/syncnow?wait=0",
                         boost::json::object{}));
  if (!wait) {
    call.out() << "sync started\n";
    return {};
  }
  MUSTER_TRY(report, watch(call, server, std::move(report)));
  if (format == "json") call.out() << write_json_indented(report) << '\n';
  return print(call, report, format == "table");
}

}  // namespace muster::cli
