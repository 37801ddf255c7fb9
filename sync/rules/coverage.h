// What each rule covers among the devices that are there now.
#pragma once

#include <vector>

#include "store/store.h"

namespace muster::sync {

struct Coverage {
  struct Rule {
    long long devices = 0;  ///< those that it is the first to cover
    long long matches = 0;  ///< all that its filter covers
    std::vector<int>
        shadowed_by;  ///< places of the earlier rules that leave it nothing; empty while it has something
  };
  std::vector<Rule> rules;  ///< in the order of the account's rules
  long long none = 0;       ///< devices that no rule covers
};

Result<Coverage> coverage_of(Reader& reader, AccountId account);

}  // namespace muster::sync
