#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "base/time/rfc3339.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/printable.h"
#include "cli/output/profile_text.h"
#include "cli/output/table.h"
#include "model/text/ids_text.h"

namespace muster::cli {
namespace {

using boost::json::object;

const object& part_of(const object& json, std::string_view key) {
  static const object kNone;
  const auto* part = json.if_contains(key);
  return part && part->is_object() ? part->get_object() : kNone;
}

std::string joined(std::initializer_list<std::string> parts, const char* between) {
  std::string text;
  for (const auto& part : parts)
    if (!part.empty()) text += (text.empty() ? "" : between) + part;
  return text;
}

std::string title_of(const object& rule) {
  const auto name = text_of(rule, "name");
  return name.empty() ? fmt::format("filter '{}'", text_of(rule, "filter")) : fmt::format("'{}'", name);
}

std::string wanted_by(const object& device) {
  const auto by = text_of(device, "desired_by"), profile = profile_text(device, "desired_profile_uuid");
  if (by == "manual") return profile + ", by hand";
  if (by == "hold") return "nothing: an operator holds it, and rules do not apply";
  if (by != "rule")
    return text_of(device, "arrived_at").empty()
               ? "nothing: it was there before the rules, which are for devices that arrive"
               : "nothing: no rule covered it when it arrived";
  for (const auto* rule : objects_of(device, "rules"))
    if (is_true(*rule, "decided")) return fmt::format("{}, by the rule {}", profile, title_of(*rule));
  return fmt::format("{}, by a rule that is removed: it is no longer repaired", profile);
}

std::string waits_for(const object& device) {
  if (!text_of(device, "contested_since").empty())
    return fmt::format("an operator: the profile was removed repeatedly; not repaired since {}",
                       text_of(device, "contested_since"));
  const auto& assignment = part_of(device, "assignment");
  if (!assignment.empty()) {
    const auto state = text_of(assignment, "state"), answer = text_of(assignment, "last_answer");
    std::string text = state == "confirming"  ? "Apple's report to show the profile"
                       : state == "in_flight" ? "Apple's answer"
                       : state == "looking"   ? "a look at how Apple has it"
                                              : "its turn to be assigned";
    text += fmt::format(", next at {}", text_of(assignment, "next_try"));
    if (!answer.empty()) text += fmt::format("; Apple's last answer was {}", answer);
    if (const auto attempts = text_of(assignment, "attempts"); attempts != "0")
      text += attempts == "1" ? "; tried once" : fmt::format("; tried {} times", attempts);
    return text;
  }
  const auto backfill = text_of(device, "backfill");
  return backfill.empty() ? "nothing" : fmt::format("the backfill, which is {}", backfill);
}

// What the device's MDM server told.
std::string enrollment_text(const object& device, const object& enrollment) {
  const auto seen = fmt::format("last seen {}", text_of(enrollment, "last_seen"));
  if (!is_true(enrollment, "enrolled")) {
    const auto ended = text_of(enrollment, "ended_at");
    return fmt::format("not enrolled{}; {}", ended.empty() ? "" : " since " + ended, seen);
  }
  const auto since = fmt::format("enrolled at {}", text_of(enrollment, "enrolled_at"));
  if (is_true(enrollment, "before_assigned"))
    return fmt::format(
        "{}, before Apple assigned it to the account ({}): it takes its profile only when it is erased; {}",
        since, text_of(device, "device_assigned_date"), seen);
  if (text_of(enrollment, "profile_uuid").empty())
    return fmt::format("{}, when Apple showed no profile for it; {}", since, seen);
  const auto rule = text_of(enrollment, "rule");
  return fmt::format("{}, with {}{}; {}", since, profile_text(enrollment, "profile_uuid"),
                     rule.empty() ? "" : ", by the rule " + rule, seen);
}

void print_device(std::ostream& out, const object& device, bool with_account) {
  const auto tag = text_of(device, "asset_tag");
  out << text_of(device, "serial_number");
  if (with_account) out << " in the account " << text_of(device, "account");
  if (const auto what = joined({text_of(device, "model"), text_of(device, "color"), text_of(device, "os"),
                                tag.empty() ? "" : "asset tag " + tag},
                               ", ");
      !what.empty())
    out << ": " << what;
  out << '\n';
  const auto status = text_of(device, "profile_status");
  const auto has = text_of(device, "profile_uuid").empty() ? "" : profile_text(device, "profile_uuid");
  out << "  Apple shows   " << joined({status.empty() ? "empty" : status, has}, " ") << '\n'
      << "  Muster wants  " << wanted_by(device) << '\n'
      << "  It waits for  " << waits_for(device) << '\n';
  if (const auto& enrollment = part_of(device, "enrollment"); !enrollment.empty())
    out << "  MDM server    " << enrollment_text(device, enrollment) << '\n';
  if (const auto late = text_of(device, "late_since"); !late.empty())
    out << fmt::format("  It is late    since {}: it has not enrolled in the time that its rule gives it\n",
                       late);
  if (const auto left = text_of(device, "left_at"); !left.empty())
    out << fmt::format("  It is gone    since {} ({})\n", left, text_of(device, "left_reason"));
}

void print_rules(std::ostream& out, const object& device) {
  const auto rules = objects_of(device, "rules");
  if (rules.empty()) {
    out << "\nThere are no rules.\n";
    return;
  }
  out << "\nThe rules, in the order in which they are tried:\n";
  Table table(out, {"  Order", "Rule", "Filter", "Scope", "Profile", "Covers it"});
  int order = 0;
  for (const auto* rule : rules)
    table.add({fmt::format("  {}", ++order), title_of(*rule), text_of(*rule, "filter"),
               text_of(*rule, "scope"), profile_text(*rule, "profile_uuid"),
               !text_of(*rule, "filter_error").empty() ? "cannot be read"
               : is_true(*rule, "wins")                ? "yes, and wins"
               : is_true(*rule, "covers")              ? "yes, behind another"
                                                       : "no"});
  table.flush();
}

void print_history(std::ostream& out, const object& answer) {
  out << "\nWhat happened:\n";
  for (const auto* entry : objects_of(answer, "history")) {
    const auto detail = text_of(*entry, "detail");
    out << fmt::format("  {}  {}{}\n", text_of(*entry, "at"), text_of(*entry, "kind"),
                       detail.empty() ? "" : ": " + printable(detail));
  }
}

void print_state(std::ostream& out, const std::string& serial, const std::string& at, const object& state) {
  out << fmt::format("{} at {}:\n", serial, at);
  if (!is_true(state, "known")) {
    out << "  Muster had not heard of it.\n";
    return;
  }
  const auto left = text_of(state, "left_at"), desired = text_of(state, "desired"),
             answer = text_of(state, "last_answer");
  if (!left.empty()) {
    out << fmt::format("  It was gone, since {}.\n", left);
    return;
  }
  out << "  Apple showed  " << text_of(state, "observed") << '\n'
      << "  Muster wanted " << (desired.empty() ? "nothing" : desired) << '\n';
  if (!answer.empty()) out << "  Apple's last answer was " << answer << '\n';
  if (is_true(state, "contested")) out << "  It was contested, and left alone.\n";
}

}  // namespace

Result<> explain(Call& call) {
  std::string serial, at, format = "table";
  auto flags = call.flags();
  flags.add("serial", &serial, "the device's serial number (required)", "S");
  flags.add("at", &at, "how it was at that time, as 2026-03-01T09:00:00Z", "TIME");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  serial = read_serial(serial).value_or(Serial(std::string(trim(serial)))).str();
  if (serial.empty()) return call.misuse(flags, "must provide -serial");
  if (!at.empty() && !parse_rfc3339(at))
    return failure(Code::invalid, "-at: \"" + at + "\" is not a time", "Use the form 2026-03-01T09:00:00Z");

  MUSTER_TRY(auto server, call.server());
  const std::string account = call.account().empty() ? kDefaultAccount.str() : call.account();
  const std::string path =
      fmt::format("/api/v1/devices/{}/{}", percent_encode(account), percent_encode(serial));
  MUSTER_TRY(const auto history,
             server.get(path + "/history" + (at.empty() ? "" : "?at=" + percent_encode(at))));
  if (!at.empty()) {
    if (format == "json") {
      call.out() << write_json_indented(history) << '\n';
      return {};
    }
    print_state(call.out(), serial, at, part_of(history, "state"));
    print_history(call.out(), history);
    return {};
  }
  MUSTER_TRY(auto answer, server.get(path));
  if (format == "json") {
    if (const auto* list = history.if_contains("history")) answer["history"] = *list;
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  const auto& device = part_of(answer, "device");
  print_device(call.out(), device, !call.account().empty());
  print_rules(call.out(), device);
  print_history(call.out(), history);
  return {};
}

}  // namespace muster::cli
