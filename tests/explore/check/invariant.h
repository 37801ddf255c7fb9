// The invariants of all stories, whatever Apple answers. Each is a function in a file of its own.
#pragma once

#include <optional>
#include <string>

#include "tests/explore/story/outcome.h"
#include "tests/explore/story/story.h"

namespace muster::explore {

/// What is wrong, for users; nothing when it is as it must be.
using Complaint = std::optional<std::string>;

/// Within one reconcile interval after Apple is healthy everything is as in the twin: devices, profiles at
/// Apple, holds, manual assignments.
Complaint same_end(const Story& story, const Outcome& outcome, const Outcome& twin);

/// While a fault lasts, everything that does not need the failing lane is done within two intervals.
Complaint nothing_else_stops(const Story& story, const Outcome& outcome, const Outcome& twin);

/// A lasting fault makes few calls: at most 10 a minute after the first, and a number an hour that soon stops
/// to grow.
Complaint no_storm(const Story& story, const Outcome& outcome, const Outcome& twin);

/// Nothing is assigned, held to have left or to have arrived that would not be without the fault; and nothing
/// is assigned twice but what the rules of retrying explain.
Complaint no_unrequested_call(const Story& story, const Outcome& outcome, const Outcome& twin);

/// The account's status names the trouble while it lasts, and is good afterwards.
Complaint truth(const Story& story, const Outcome& outcome);

struct Finding {
  const char* invariant;
  std::string complaint;
};

/// The first invariant that does not hold.
std::optional<Finding> judge(const Story& story, const Outcome& outcome, const Outcome& twin);

}  // namespace muster::explore
