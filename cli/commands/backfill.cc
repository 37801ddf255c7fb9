#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <ostream>
#include <thread>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"

namespace muster::cli {
namespace {

constexpr const char* kBackfillPath = "/api/v1/backfill";
constexpr auto kLookAgain = std::chrono::milliseconds(500);  // how often people see progress

std::string text_for(const boost::json::object& backfill) {
  const auto state = text_of(backfill, "state");
  if (state == "none") return "No backfill is under way.";
  return fmt::format("{} of {} devices decided, {}; {} wait for Apple.", text_of(backfill, "changed"),
                     text_of(backfill, "planned"), state, text_of(backfill, "waiting"));
}

Result<> act(Call& call, const char* action) {
  auto flags = call.flags();
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto backfill,
             server.send("POST", kBackfillPath, boost::json::object{{"action", action}}));
  call.out() << text_for(backfill) << '\n';
  return {};
}

}  // namespace

Result<> get_backfill(Call& call) {
  bool wait = false;
  std::string format = "table";
  auto flags = call.flags();
  flags.add("wait", &wait, "wait until it is done or paused, and show the progress");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(auto backfill, server.get(kBackfillPath));
  while (wait && text_of(backfill, "state") == "running") {
    call.progress(text_for(backfill));
    std::this_thread::sleep_for(kLookAgain);
    MUSTER_TRY(backfill, server.get(kBackfillPath));
  }
  call.progress("");
  call.out() << (format == "json" ? write_json_indented(backfill) : text_for(backfill)) << '\n';
  return {};
}

Result<> pause_backfill(Call& call) { return act(call, "pause"); }
Result<> resume_backfill(Call& call) { return act(call, "resume"); }
Result<> cancel_backfill(Call& call) { return act(call, "cancel"); }

}  // namespace muster::cli
