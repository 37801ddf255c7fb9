#include "cli/client/plan_print.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/csv.h"
#include "cli/output/csv_out.h"
#include "cli/output/fields.h"
#include "cli/output/profile_text.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

std::string rule_of(const boost::json::object& object) {
  const auto rule = text_of(object, "rule");
  return rule.empty() ? "by hand" : rule;
}

const std::vector<std::string> kColumns = {"serial_number", "from", "from_name", "to", "to_name", "rule"};

}  // namespace

std::string devices_of(const std::string& count) { return count + (count == "1" ? " device" : " devices"); }

void print_plan(std::ostream& out, const boost::json::object& plan, bool would) {
  const auto changes = text_of(plan, "changes"), adopted = text_of(plan, "adopted");
  if (changes == "0") {
    out << (would ? "No device would change.\n" : "No device changes.\n");
  } else {
    out << fmt::format("{} {}:\n", devices_of(changes),
                       would            ? "would change"
                       : changes == "1" ? "changes"
                                        : "change");
    Table table(out, {"  Devices", "From", "To", "Rule"});
    for (const auto* group : objects_of(plan, "groups"))
      table.add({"  " + text_of(*group, "devices"), profile_text(*group, "from"), profile_text(*group, "to"),
                 rule_of(*group)});
    table.flush();
  }
  for (const auto* rule : objects_of(plan, "broken"))
    out << fmt::format("{} does not work: {}. No rule decides about the devices that reach it.\n",
                       text_of(*rule, "rule"), text_of(*rule, "reason"));
  if (adopted != "0" && !adopted.empty())
    out << fmt::format("{} {} already what a rule gives; nothing is sent for {}.\n", devices_of(adopted),
                       adopted == "1" ? "has" : "have", adopted == "1" ? "it" : "them");
}

Result<> print_plan_devices(
    std::ostream& out, const std::string& format,
    const std::function<Result<boost::json::object>(const std::string& cursor)>& ask) {
  const bool is_csv = format == "csv";
  bool any = false;
  std::string cursor;
  if (is_csv) out << csv_record(kColumns);
  do {
    MUSTER_TRY(const auto answer, ask(cursor));
    const auto* found = answer.if_contains("plan");
    if (!found || !found->is_object()) return failure(Code::remote, "the server gave no plan");
    const auto& plan = found->get_object();
    for (const auto* device : objects_of(plan, "devices")) {
      if (is_csv) {
        std::vector<std::string> fields;
        for (const auto& column : kColumns) fields.push_back(text_of(*device, column));
        out << csv_out(std::move(fields));
      } else {
        out << (any ? ",\n  " : "[\n  ") << boost::json::serialize(*device);
      }
      any = true;
    }
    cursor = text_of(plan, "next_cursor");
  } while (!cursor.empty() && out);
  if (!is_csv) out << (any ? "\n]\n" : "[]\n");
  return {};
}

}  // namespace muster::cli
