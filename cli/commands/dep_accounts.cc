#include <fmt/format.h>
#include <boost/json.hpp>
#include <ostream>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/account_trouble.h"
#include "cli/output/ago.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

using Account = boost::json::object;

std::string or_else(std::string text, const char* instead) { return text.empty() ? instead : text; }

std::string state_of(const Account& account) {
  if (is_true(account, "paused")) return "paused";
  const auto state = text_of(account, "state"), days = text_of(account, "days_left");
  return state == "expiring" && !days.empty() ? fmt::format("expiring in {} days", days) : state;
}

void print_table(std::ostream& out, bool has_colour, const Accounts& accounts, const std::string& now) {
  Table table(out, {"Account", "State", "Since", "LastSuccess", "NextRun", "Devices", "Waiting", "Uncovered",
                    "Contested", "ServerName"});
  if (has_colour) table.colour(1);
  for (const auto* account : accounts)
    table.add({text_of(*account, "name"), state_of(*account),
               or_else(seen_from(now, text_of(*account, "since")), "-"),
               or_else(seen_from(now, text_of(*account, "last_success")), "never"),
               is_true(*account, "running") ? "running"
                                            : or_else(seen_from(now, text_of(*account, "next_run")), "-"),
               text_of(*account, "devices"), text_of(*account, "waiting"), text_of(*account, "uncovered"),
               text_of(*account, "contested"), text_of(*account, "server_name")});
  table.flush();
}

std::vector<std::string> funnel_row(std::string account, std::string rule, const boost::json::object& of) {
  const auto* const member = of.if_contains("funnel");
  const auto funnel = member && member->is_object() ? member->get_object() : boost::json::object();
  return {std::move(account),
          std::move(rule),
          text_of(funnel, "devices"),
          text_of(funnel, "assigned"),
          text_of(funnel, "pushed"),
          text_of(funnel, "enrolled"),
          or_else(text_of(of, "late"), "-")};
}

// How far the devices of each account and rule have come. Of a rule, those whose profile it gave.
Result<> print_funnel(Call& call, const Accounts& accounts) {
  Table table(call.out(), {"Account", "Rule", "Devices", "Assigned", "Pushed", "Enrolled", "Late"});
  for (const auto* account : accounts) {
    const auto name = text_of(*account, "name");
    table.add(funnel_row(name, "all devices", *account));
    MUSTER_TRY(auto server, call.server_of(name));
    MUSTER_TRY(const auto answer, server.get("/api/v1/rules?counts=1"));
    for (const auto* rule : objects_of(answer, "rules")) {
      const auto title = text_of(*rule, "name");
      table.add(funnel_row(name, title.empty() ? text_of(*rule, "filter") : title, *rule));
    }
  }
  call.out() << '\n';
  table.flush();
  return {};
}

}  // namespace

Result<> get_dep_accounts(Call& call) {
  std::string wanted, format = "table";
  auto flags = call.flags();
  bool verbose = false;
  flags.add("account", &wanted, "this DEP account only", "NAME");
  flags.add("v", &verbose, "also show how many devices of each rule are assigned, pushed and enrolled");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  if (verbose && format != "table")
    return call.misuse(flags, "-v has no effect with -o json: get dep-autoassigners -o json has the rules");

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/accounts"));
  auto accounts = objects_of(answer, "accounts");
  if (!wanted.empty()) {
    std::erase_if(accounts, [&](const auto* account) { return text_of(*account, "name") != wanted; });
    if (accounts.empty())
      return failure(Code::not_found, "there is no account \"" + wanted + "\"",
                     "`mdmctl get dep-accounts` lists them");
  }
  if (format == "json") {
    call.out() << write_json_indented(to_array(accounts)) << '\n';
    return {};
  }
  print_table(call.out(), call.has_colour(), accounts, text_of(answer, "now"));
  print_troubles(call.out(), accounts);
  print_lanes(call.out(), accounts);
  print_where_uncovered(call.out(), accounts);
  print_where_late(call.out(), accounts);
  return verbose ? print_funnel(call, accounts) : Result<>();
}

}  // namespace muster::cli
