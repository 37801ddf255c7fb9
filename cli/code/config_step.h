// One object of a configuration that comes, changes or goes.
#pragma once

#include <set>
#include <string>

#include "cli/client/change.h"

namespace muster::cli {

struct ConfigStep {
  enum class What { list, profile, rule, settings };
  enum class How { add, change, remove };
  What what{};
  How how{};
  std::string title{};   ///< `list lab`
  std::string detail{};  ///< what is new of it, as it follows the title; "" where that says all
  /// The request that does it, without the revision; for a profile `document` is sent instead.
  Change change{};
  std::string document{};
  std::set<std::string> needs{};  ///< titles of steps without which it makes no sense
};

}  // namespace muster::cli
