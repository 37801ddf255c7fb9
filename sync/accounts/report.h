// What a sync has done so far, as shown to users.
#pragma once

#include <optional>

#include "base/result.h"

namespace muster::sync {

struct Report {
  bool whole_list = false;  ///< includes a complete full list
  int pages = 0;
  long long devices = 0;  ///< rows
  int arrivals = 0;
  int left = 0;
  int uncovered = 0;
  int calls = 0;                    ///< assign calls
  long long assigned = 0;           ///< answers SUCCESS
  long long failed = 0;             ///< any other answer
  long long confirmed = 0;          ///< reported with the desired profile
  long long waiting = 0;            ///< assignments not completed
  std::optional<Error> error = {};  ///< why a lane failed
};

}  // namespace muster::sync
