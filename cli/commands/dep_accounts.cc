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

}  // namespace

Result<> get_dep_accounts(Call& call) {
  std::string wanted, format = "table";
  auto flags = call.flags();
  flags.add("account", &wanted, "this DEP account only", "NAME");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));

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
  return {};
}

}  // namespace muster::cli
