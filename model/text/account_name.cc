#include "model/text/account_name.h"

#include "base/text/strings.h"
#include "model/text/plain_name.h"

namespace muster {

Result<AccountName> parse_account_name(std::string_view text) {
  if (is_plain_name(to_lower(text))) return AccountName(std::string(text));
  return bad_plain_name(text, "an account", "A-Z, a-z");
}

std::string account_flag(const AccountName& name) {
  return name == kDefaultAccount ? "" : " -account " + name.str();
}

}  // namespace muster
