// How many existing devices each rule covers.
#pragma once

#include <vector>

#include "store/store.h"

namespace muster::sync {

struct Coverage {
  struct OfRule {
    long long devices = 0;  ///< covered by this rule first
    long long matches = 0;  ///< matched by its filter
    std::vector<int>
        shadowed_by;  ///< positions of earlier rules that cover all of its devices; empty if it covers any
  };
  std::vector<OfRule> rules;  ///< in the order of the account's rules
  long long none = 0;         ///< devices that no rule covers
};

Result<Coverage> coverage_of(Reader& reader, AccountId account);

}  // namespace muster::sync
