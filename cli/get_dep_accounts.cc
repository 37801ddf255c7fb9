#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/rfc3339.h"
#include "cli/ago.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/fields.h"
#include "cli/table.h"
#include "http/json.h"

namespace muster::cli {
namespace {

using Account = boost::json::object;

bool is_in_trouble(const Account& account) {
  const auto state = text_of(account, "state");
  return !state.empty() && state != "ok" && state != "not_configured";
}

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

// What a person must do, a paragraph an account: it is too long for a cell.
void print_troubles(Call& call, const std::vector<const Account*>& accounts, const std::string& now) {
  for (const auto* account : accounts) {
    if (!is_in_trouble(*account)) continue;
    std::string text = fmt::format("\n{}: {}", text_of(*account, "name"), text_of(*account, "state"));
    const auto since = parse_rfc3339(text_of(*account, "since"));
    const auto here = parse_rfc3339(now);
    if (since && here) text += fmt::format(" for {}", span_of(*here - *since));
    for (const auto* part : {"message", "mend"})
      if (const auto said = text_of(*account, part); !said.empty())
        text += (part == std::string_view("message") ? ": " : ". ") + said;
    call.out() << text << '\n';
  }
}

}  // namespace

Result<> get_dep_accounts(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  flags.add("o", &format, "form of output: table or json", "FORM");
  MUSTER_TRY(call.parse(flags));
  if (format != "table" && format != "json")
    return failure(Code::invalid, "bad input: -o \"" + format + "\" is not a form of output",
                   "Choose table or json");

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/accounts"));
  if (format == "json") {
    call.out() << http::to_json_indented(answer) << '\n';
    return {};
  }
  const auto accounts = objects_of(answer, "accounts");
  const auto now = text_of(answer, "now");
  print_table(call, accounts, now);
  print_troubles(call, accounts, now);
  return {};
}

}  // namespace muster::cli
