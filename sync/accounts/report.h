// What was seen and done for an account since it was last at rest, as people see it.
#pragma once

#include <optional>

#include "base/result.h"

namespace muster::sync {

struct Report {
  bool whole_list = false;  ///< a full list was read to its end
  int pages = 0;
  long long devices = 0;  ///< rows
  int arrivals = 0;
  int left = 0;
  int uncovered = 0;
  int calls = 0;                    ///< assign calls
  long long assigned = 0;           ///< answers SUCCESS
  long long failed = 0;             ///< any other answer
  long long confirmed = 0;          ///< reported with the desired profile
  long long waiting = 0;            ///< assignments not done at the end, whatever they wait for
  std::optional<Error> error = {};  ///< why a lane did not get to its end
};

}  // namespace muster::sync
