// A second decider, slow and plain: what a device's history comes to, read off design.md sections 3 and 4 and
// docs/arrivals.md sentence by sentence. It shares no code with assign/ and sync/, keeps nothing between two
// questions, and goes through the whole history for each.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle/history.h"

namespace muster::oracle {

struct Rule {
  std::string filter;
  ProfileUuid profile;
  bool covers = true;  ///< the one kind of device that the histories are about
};

/// What becomes of the rules while a history continues: `before` holds for the first `change_at` happenings.
struct Rules {
  std::vector<Rule> before;
  size_t change_at = 99;
  std::vector<Rule> after = {};
};

/// In one line: where the device is, when it arrived last (number of the happening), what is desired on whose
/// word, and which profile is still to be assigned: "here, arrived 2, rule RULE, work RULE".
std::string decide(const Rules& rules, Start start, const std::vector<Step>& steps);

}  // namespace muster::oracle
