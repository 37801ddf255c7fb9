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

Result<> print_short(Call& call, Api& server) {
  MUSTER_TRY(const auto answer, server.get("/v1/dep/autoassigners"));
  Table table(call.out(), {"Filter", "DEP Profile UUID"});
  for (const auto* assigner : objects_of(answer, "autoassigners"))
    table.add({text_of(*assigner, "filter"), text_of(*assigner, "profile_uuid")});
  table.flush();
  return {};
}

std::string profile_of(const boost::json::object& rule) {
  const auto uuid = text_of(rule, "profile_uuid"), name = text_of(rule, "profile_name");
  if (uuid.empty()) return "no profile";
  return name.empty() ? uuid : fmt::format("{} ({})", name, uuid);
}

// What a person should know of the rule, a line below the table.
std::string remark_on(const boost::json::object& rule) {
  if (const auto error = text_of(rule, "filter_error"); !error.empty())
    return fmt::format(
        "does not work: its filter cannot be read ({}). No rule decides about the devices that reach it; apply it again or "
        "remove it",
        error);
  if (const auto broken = text_of(rule, "broken"); !broken.empty())
    return fmt::format("does not work: Apple answered {} to its profile", broken);
  const auto shadows = strings_of(rule, "shadowed_by");
  if (shadows.empty()) return {};
  std::string by;
  for (const auto& shadow : shadows) by += (by.empty() ? "" : ", ") + shadow;
  return fmt::format("gets no device: {} {} before it", by, shadows.size() == 1 ? "comes" : "come");
}

void print_rules(const Call& call, const boost::json::object& answer) {
  auto& out = call.out();
  Table table(out, {"Order", "Name", "Filter", "Scope", "Priority", "Devices", "Matches", "Profile"});
  std::string remarks;
  int order = 0;
  for (const auto* rule : objects_of(answer, "assigners")) {
    const auto name = text_of(*rule, "name"), filter = text_of(*rule, "filter");
    table.add({std::to_string(++order), name.empty() ? "-" : name, filter, text_of(*rule, "scope"),
               text_of(*rule, "priority"), text_of(*rule, "devices"), text_of(*rule, "matches"),
               profile_of(*rule)});
    if (const auto remark = remark_on(*rule); !remark.empty())
      remarks +=
          fmt::format("{}. {} {}\n", order, name.empty() ? fmt::format("filter '{}'", filter) : name, remark);
  }
  table.flush();
  if (!remarks.empty()) out << '\n' << remarks;
  out << fmt::format(
      "\n{} devices are covered by no rule; {} of them arrived and wait for one (\"uncovered\")\n",
      text_of(answer, "covered_by_none"), text_of(answer, "uncovered"));
  if (text_of(answer, "uncovered") != "0")
    out << fmt::format("`mdmctl get dep-devices -uncovered{}` lists them\n", call.account_flag());
}

}  // namespace

Result<> get_dep_autoassigners(Call& call) {
  bool verbose = false;
  std::string format = "table";
  auto flags = call.flags();
  flags.add("v", &verbose,
            "show the order, the scope, what each rule covers now, and what keeps it from its devices");
  flags.add("o", &format, "form of output: table or json", "FORM");
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(check_form(format, {"table", "json"}));
  MUSTER_TRY(auto server, call.server());
  if (!verbose && format == "table") return print_short(call, server);
  MUSTER_TRY(const auto answer, server.get("/api/v1/assigners?counts=1"));
  if (format == "json")
    call.out() << write_json_indented(answer) << '\n';
  else
    print_rules(call, answer);
  return {};
}

}  // namespace muster::cli
