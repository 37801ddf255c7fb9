#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/account_trouble.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

std::string state_of(const boost::json::object& account) {
  if (is_true(account, "paused")) return "paused";
  std::string state = text_of(account, "state");
  if (state == "expiring") state += fmt::format("({})", text_of(account, "days_left"));
  return is_true(account, "running") ? state + ", syncing" : state;
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

void print_table(std::ostream& out, const Accounts& accounts) {
  std::vector<std::string> header{"State",   "Since",   "LastSuccess", "NextRun",
                                  "Devices", "Waiting", "Uncovered",   "Contested"};
  if (are_named(accounts)) header.insert(header.begin(), "Account");
  Table table(out, std::move(header));
  for (const auto* account : accounts) {
    std::vector<std::string> row{state_of(*account),
                                 or_dash(text_of(*account, "since")),
                                 or_dash(text_of(*account, "last_success")),
                                 or_dash(in_seconds(text_of(*account, "next_run"))),
                                 text_of(*account, "devices"),
                                 text_of(*account, "waiting"),
                                 text_of(*account, "uncovered"),
                                 text_of(*account, "contested")};
    if (are_named(accounts)) row.insert(row.begin(), text_of(*account, "name"));
    table.add(std::move(row));
  }
  table.flush();
}

}  // namespace

Result<> get_dep_status(Call& call) {
  std::string wanted, format = "table";
  auto flags = call.flags();
  flags.add("account", &wanted, "this DEP account only", "NAME");
  flags.add("o", &format, "form of output: table or json", "FORM");
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(check_form(format, {"table", "json"}));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/accounts"));

  auto accounts = objects_of(answer, "accounts");
  if (!wanted.empty()) {
    std::erase_if(accounts, [&](const auto* account) { return text_of(*account, "name") != wanted; });
    if (accounts.empty())
      return failure(Code::not_found, "there is no account \"" + wanted + "\"",
                     "`mdmctl get dep-status` lists all");
  }
  if (format == "json") {
    boost::json::array list;
    for (const auto* account : accounts) list.push_back(*account);
    call.out() << write_json_indented(list) << '\n';
    return {};
  }
  print_table(call.out(), accounts);
  print_troubles(call.out(), accounts);
  print_lanes(call.out(), accounts);
  print_where_uncovered(call.out(), accounts);
  return {};
}

}  // namespace muster::cli
