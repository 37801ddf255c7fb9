#include "cli/change.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/call.h"
#include "cli/fields.h"
#include "cli/form.h"
#include "cli/plan_print.h"

namespace muster::cli {
namespace {

// More than that many devices are not changed without asking.
constexpr int kUnasked = 100;
constexpr int kPage = 1000;  // devices of one answer

const boost::json::object& plan_of(const boost::json::object& answer) {
  static const boost::json::object kNone;
  const auto* plan = answer.if_contains("plan");
  return plan && plan->is_object() ? plan->get_object() : kNone;
}

Result<> preview(Call& call, Api& server, const ChangeFlags& flags, Change change, const Say& say) {
  change.body["dry_run"] = true;
  if (flags.format == "table") {
    MUSTER_TRY(const auto answer, server.send(change.method, change.path, change.body));
    say(answer, false);
    return {};
  }
  change.body["limit"] = kPage;
  return print_plan_devices(call.out(), flags.format, [&](const std::string& cursor) {
    change.body["cursor"] = cursor;
    return server.send(change.method, change.path, change.body);
  });
}

}  // namespace

void ChangeFlags::add_to(FlagSet& flags) {
  flags.add("dry-run", &dry_run, "show which devices would change, and change nothing");
  flags.add("yes", &yes, fmt::format("do not ask, even when more than {} devices change", kUnasked));
  flags.add("o", &format, "form of what -dry-run shows: table, or json or csv for every device", "FORM");
}

Result<> ChangeFlags::check() const {
  MUSTER_TRY(check_form(format, {"table", "json", "csv"}));
  if (format != "table" && !dry_run)
    return failure(Code::invalid, "bad input: -o goes with -dry-run",
                   "Add -dry-run to see every device, or leave -o out");
  return {};
}

Result<> make_change(Call& call, Api& server, const ChangeFlags& flags, Change change, const Say& say) {
  if (flags.dry_run) return preview(call, server, flags, std::move(change), say);
  if (!flags.yes) change.body["most"] = kUnasked;
  MUSTER_TRY(auto answer, server.send(change.method, change.path, change.body));
  if (!is_true(answer, "made")) {
    print_plan(call.out(), plan_of(answer), true);
    call.out().flush();
    if (!call.ask("Change them?"))
      return failure(Code::conflict,
                     fmt::format("{} would change, and nobody agreed; nothing was changed",
                                 devices_of(text_of(plan_of(answer), "changes"))),
                     flags.when_refused);
    change.body.erase("most");
    MUSTER_TRY(answer, server.send(change.method, change.path, change.body));
  }
  say(answer, true);
  return {};
}

void print_plan_of(Call& call, const boost::json::object& answer, bool made, bool even_if_empty) {
  const auto& plan = plan_of(answer);
  const auto is_zero = [&](const char* key) {
    return text_of(plan, key) == "0" || text_of(plan, key).empty();
  };
  if (is_zero("changes") && is_zero("adopted") && !even_if_empty) return;
  print_plan(call.out(), plan, !made);
  if (made && !is_zero("changes")) call.out() << "`mdmctl get backfill` shows how far that is.\n";
}

}  // namespace muster::cli
