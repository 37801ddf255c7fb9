#include "cli/account_trouble.h"

#include <boost/json.hpp>
#include <ostream>

#include "cli/fields.h"
#include "cli/printable.h"
#include "model/account_name.h"

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
    if (const auto mend = text_of(*account, "mend"); !mend.empty()) out << printable(mend) << ".\n";
    if (const auto until = text_of(*account, "not_before"); !until.empty())
      out << "Apple is not asked again before " << until << ".\n";
  }
}

void print_where_uncovered(std::ostream& out, const Accounts& accounts) {
  Accounts concerned;
  for (const auto* account : accounts)
    if (const auto number = text_of(*account, "uncovered"); !number.empty() && number != "0")
      concerned.push_back(account);
  if (concerned.empty()) return;
  const auto account = concerned.size() > 1 ? " -all-accounts"
                                            : account_flag(AccountName(text_of(*concerned.front(), "name")));
  out << "\n`mdmctl get dep-devices -uncovered" << account << "` lists the devices that no rule covered.\n";
}

}  // namespace muster::cli
