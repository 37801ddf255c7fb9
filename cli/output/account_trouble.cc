#include "cli/output/account_trouble.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "cli/output/fields.h"
#include "cli/output/printable.h"
#include "cli/output/table.h"
#include "model/text/account_name.h"

namespace muster::cli {

bool are_named(const Accounts& accounts) {
  return accounts.size() != 1 || text_of(*accounts.front(), "name") != kDefaultAccount.str();
}

void print_troubles(std::ostream& out, const Accounts& accounts) {
  for (const auto* account : accounts) {
    const std::string message = text_of(*account, "message"), error = text_of(*account, "last_error");
    if (message.empty() && error.empty()) continue;
    out << '\n'
        << (are_named(accounts) ? text_of(*account, "name") + ": " : "")
        << printable(message.empty() ? error : message) << ".\n";
    if (const auto remedy = text_of(*account, "remedy"); !remedy.empty()) out << printable(remedy) << ".\n";
    if (const auto until = text_of(*account, "not_before"); !until.empty())
      out << "Apple is not asked again before " << until << ".\n";
  }
}

void print_lanes(std::ostream& out, const Accounts& accounts) {
  for (const auto* account : accounts) {
    const auto lanes = objects_of(*account, "lanes");
    const auto is_ok = [](const auto* lane) { return text_of(*lane, "state") == "ok"; };
    if (std::all_of(lanes.begin(), lanes.end(), is_ok)) continue;
    out << '\n';
    std::vector<std::string> header{"Lane", "State", "Word", "Since", "Failures", "TriesAgain"};
    if (are_named(accounts)) header.insert(header.begin(), "Account");
    Table table(out, std::move(header));
    for (const auto* lane : lanes) {
      const auto cell = [&](const char* name) {
        const auto text = printable(text_of(*lane, name));
        return text.empty() ? std::string("-") : text;
      };
      std::vector<std::string> row{cell("lane"),  cell("state"),    cell("apple_code"),
                                   cell("since"), cell("failures"), in_seconds(cell("retry_at"))};
      if (are_named(accounts)) row.insert(row.begin(), text_of(*account, "name"));
      table.add(std::move(row));
    }
    table.flush();
  }
}

std::string in_seconds(const std::string& time) {
  const auto point = time.find('.');
  return point == std::string::npos ? time : time.substr(0, point) + "Z";
}

namespace {

Accounts with_some(const Accounts& accounts, const char* count) {
  Accounts concerned;
  for (const auto* account : accounts)
    if (const auto number = text_of(*account, count); !number.empty() && number != "0")
      concerned.push_back(account);
  return concerned;
}

std::string flag_for(const Accounts& concerned) {
  return concerned.size() > 1 ? " -all-accounts"
                              : account_flag(AccountName(text_of(*concerned.front(), "name")));
}

}  // namespace

void print_where_late(std::ostream& out, const Accounts& accounts) {
  const auto concerned = with_some(accounts, "late");
  if (concerned.empty()) return;
  out << '\n';
  for (const auto* account : concerned) {
    const auto late = text_of(*account, "late");
    out << (are_named(accounts) ? text_of(*account, "name") + ": " : "") << late
        << (late == "1" ? " device has" : " devices have") << " not enrolled in time.\n";
  }
  out << "`mdmctl get dep-devices -late" << flag_for(concerned) << "` lists "
      << (concerned.size() == 1 && text_of(*concerned.front(), "late") == "1" ? "it" : "them") << ".\n";
}

void print_where_uncovered(std::ostream& out, const Accounts& accounts) {
  const auto concerned = with_some(accounts, "uncovered");
  if (concerned.empty()) return;
  out << "\n`mdmctl get dep-devices -uncovered" << flag_for(concerned)
      << "` lists the devices that no rule covered.\n";
}

}  // namespace muster::cli
