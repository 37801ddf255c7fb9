#include "cli/client/change.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "cli/client/call.h"
#include "cli/client/plan_print.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"

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

Result<boost::json::object> send(Api& server, const Change& change, const boost::json::object& options) {
  if (change.document.empty()) {
    auto body = change.body;
    for (const auto& option : options) body.insert(option);
    return server.send(change.method, change.path, body);
  }
  std::string path = change.path;
  for (const auto& option : options)
    path += fmt::format("{}{}={}", path.find('?') == std::string::npos ? '?' : '&',
                        std::string_view(option.key()), percent_encode(text_of(options, option.key())));
  return server.send_text(change.method, path, change.document);
}

// MicroMDM's server, which asks nobody, does not say that it is made.
bool is_refused(const boost::json::object& answer) {
  return answer.contains("applied") && !is_true(answer, "applied");
}

Result<> preview(Call& call, Api& server, const ChangeFlags& flags, const Change& change, const Say& say) {
  boost::json::object options{{"dry_run", true}};
  if (flags.format == "table") {
    MUSTER_TRY(const auto answer, send(server, change, options));
    say(answer, false);
    return {};
  }
  options["limit"] = kPage;
  return print_plan_devices(call.out(), flags.format, [&](const std::string& cursor) {
    options["cursor"] = cursor;
    return send(server, change, options);
  });
}

}  // namespace

void ChangeFlags::add_to(FlagSet& flags) {
  flags.add("dry-run", &dry_run, "show which devices would change, and change nothing");
  flags.add("yes", &yes,
            fmt::format("do not ask for confirmation, even when more than {} devices change", kUnasked));
  add_form(flags, &format, {"table", "json", "csv"}, "for -dry-run; json and csv show every device");
}

Result<> ChangeFlags::check() const {
  if (dry_run && yes)
    return failure(Code::invalid, "bad input: -yes has no effect: -dry-run changes nothing",
                   "Leave one of them out");
  if (format != "table" && !dry_run)
    return failure(Code::invalid, "bad input: -o goes with -dry-run",
                   "Add -dry-run to see every device, or leave -o out");
  return {};
}

Result<> make_change(Call& call, Api& server, const ChangeFlags& flags, const Change& change,
                     const Say& say) {
  if (flags.dry_run) return preview(call, server, flags, change, say);
  boost::json::object options;
  if (!flags.yes) options["max_changes"] = kUnasked;
  MUSTER_TRY(auto answer, send(server, change, options));
  if (is_refused(answer)) {
    print_plan(call.out(), plan_of(answer), true);
    call.out().flush();
    if (!call.ask("Change them?"))
      return failure(Code::conflict,
                     fmt::format("{} would change, and nobody confirmed; nothing was changed",
                                 devices_of(text_of(plan_of(answer), "changes"))),
                     flags.when_refused);
    MUSTER_TRY(answer, send(server, change, {}));
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
  if (made && !is_zero("changes")) call.out() << "`mdmctl get backfill` shows the progress.\n";
}

}  // namespace muster::cli
