// A small story of devices, told by a server that may die on the way and is started again: what must be true
// at the end does not depend on where it died.
//
//   baseline    150 devices on two pages of Apple's
//   rule        a profile is defined with two of them in its `devices`, and a rule for all that come
//   arrivals    120 devices come, on two pages; Apple says FAILED for one of them
//   patience    Apple takes that one the next time
//   portal      a device is moved in, another is removed, one of the baseline is assigned once more
//   manual      an operator removes the profile of one device
//   end         time passes until nothing is left to do
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/world/under_test_server.h"

namespace muster::test {

struct Ending {
  bool killed = false;
  std::vector<std::string> table;  ///< a line for each device: Apple's side, then Muster's
  long long assigned = 0;          ///< serials that Apple answered SUCCESS to assign for
  long long asked_again = 0;       ///< serials that the user asked for once more, for want of an answer
  std::map<std::string, long long> passed;  ///< kill points, by the last of the servers
};

/// Tells the story, completely. Throws when a step does not come completely, or the server ends by anything
/// else than `kill`. With `power_cut`, the kill takes with it whatever of the database was not synced.
Ending tell_story(const std::optional<KillAt>& kill = {}, bool power_cut = false);

}  // namespace muster::test
