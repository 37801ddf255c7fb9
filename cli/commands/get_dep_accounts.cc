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

std::string state_of(const Account& account) {
  const auto state = text_of(account, "state");
  if (is_true(account, "paused")) return "paused";
  const auto days = text_of(account, "days_left");
  return state == "expiring" && !days.empty() ? fmt::format("expiring in {} days", days) : state;
}

std::string or_else(std::string text, const char* instead) { return text.empty() ? instead : text; }

void print_table(Call& call, const std::vector<const Account*>& accounts, const std::string& now) {
  Table table(call.out(),
              {"Name", "State", "Devices", "Waiting", "Uncovered", "LastSuccess", "NextRun", "ServerName"});
  for (const auto* account : accounts)
    table.add({text_of(*account, "name"), state_of(*account), text_of(*account, "devices"),
               text_of(*account, "waiting"), text_of(*account, "uncovered"),
               or_else(seen_from(now, text_of(*account, "last_success")), "never"),
               is_true(*account, "running") ? "running"
                                            : or_else(seen_from(now, text_of(*account, "next_run")), "-"),
               text_of(*account, "server_name")});
  table.flush();
}

}  // namespace

Result<> get_dep_accounts(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  flags.add("o", &format, "form of output: table or json", "FORM");
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(check_form(format, {"table", "json"}));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/accounts"));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  const auto accounts = objects_of(answer, "accounts");
  const auto now = text_of(answer, "now");
  print_table(call, accounts, now);
  print_troubles(call.out(), accounts);
  print_where_uncovered(call.out(), accounts);
  return {};
}

}  // namespace muster::cli
