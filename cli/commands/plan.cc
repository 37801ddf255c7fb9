#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "cli/client/call.h"
#include "cli/client/change.h"
#include "cli/client/plan_print.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"

namespace muster::cli {
namespace {

Result<> print_totals(Call& call, Api& server) {
  MUSTER_TRY(const auto answer, server.get("/api/v1/plan"));
  if (const auto* plan = answer.if_contains("plan"); plan && plan->is_object())
    print_plan(call.out(), plan->get_object(), true);
  if (const auto waiting = text_of(answer, "waiting"); waiting != "0")
    call.out() << fmt::format("{} already decided, and {} for Apple: `mdmctl get dep-status` says why.\n",
                              waiting == "1" ? "1 device is" : waiting + " devices are",
                              waiting == "1" ? "waits" : "wait");
  return {};
}

}  // namespace

Result<> plan(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format, {"table", "json", "csv"}, "json and csv show every device");
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  if (format == "table") return print_totals(call, server);
  return print_plan_devices(call.out(), format, [&](const std::string& cursor) {
    return server.get("/api/v1/plan?limit=1000&cursor=" + percent_encode(cursor));
  });
}

}  // namespace muster::cli
