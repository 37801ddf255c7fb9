// The names that accounts may have.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/ids.h"

namespace muster {

/// `text` as an account's name: 1 to 64 characters of A-Z, a-z, 0-9 and ". _ -", the first a letter or digit,
/// so that it needs no quoting in a shell or a URL. Capital and small letters differ, as in the names that
/// NanoDEP has. Code::invalid says what is wrong with another.
Result<AccountName> parse_account_name(std::string_view text);

/// ` -account NAME` for an mdmctl command in a message; "" for the default account, which nobody has to name.
std::string account_flag(const AccountName& name);

}  // namespace muster
