// A call to Apple, as recorded by a story.
#pragma once

#include <string>
#include <vector>

#include "base/time/clock.h"
#include "tests/explore/story/answer.h"

namespace muster::explore {

struct Call {
  Time at{};
  std::string name;          ///< depsim's name of the endpoint
  int status = 0;            ///< 0: no answer came
  bool spoilt = false;       ///< a fault made the answer
  bool failed = false;       ///< and it can only be understood as a failure
  bool by_operator = false;  ///< an operator waits for it
  size_t serials = 0;        ///< in the request
  std::string profile{};     ///< of assign calls: the UUID
  Serials asked{};           ///< of assign calls
  Serials changed{};         ///< of assign calls: have this profile by it, and had not
  Serials needless{};  ///< of assign calls: had this profile already, and Muster had every reason to know
};

}  // namespace muster::explore
