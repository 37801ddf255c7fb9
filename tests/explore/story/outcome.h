// The outcome of a story, which the invariants check.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/explore/call.h"
#include "tests/explore/story/story.h"

namespace muster::explore {

/// How it stands with a device.
struct Standing {
  bool is_here = false;    ///< as far as the server knows; one that left is as if it had never come
  bool waits = false;      ///< work for it is in progress, or waits
  std::string by{};        ///< nobody, rule, manual, hold
  std::string desired{};   ///< the profile's name: P1, P2, P3; "" for none
  std::string at_apple{};  ///< likewise what Apple really has; "none" for none, "not there"

  friend bool operator==(const Standing&, const Standing&) = default;
};
using Standings = std::map<std::string, Standing>;  ///< by serial

std::string text(const Standing& standing);

/// One look at the account.
struct Sample {
  Time at{};
  bool names_trouble = false;
  std::string trouble{};  ///< as shown to users
  // What has been due for kPatience and is not done.
  std::string unsent{};   ///< a serial that is to be sent
  std::string unasked{};  ///< a serial that Apple is to be asked about
  std::string unseen{};   ///< a serial that came, or left, that long ago, and the server does not know
  Time unseen_since{};
};

struct Outcome {
  Time begin{};       ///< of the story
  Time healthy_at{};  ///< nothing happens and no answer is spoilt from then on
  Standings end{};
  std::vector<Call> calls{};
  std::vector<Sample> samples{};  ///< the last one is of the end
  /// Serials and the profiles that they got, whoever asked for it: what an operator wished, the server may
  /// have to do.
  std::set<std::pair<std::string, std::string>> assigned{};
  std::map<std::string, int> left{};     ///< how often the server held that it left, by serial
  std::map<std::string, int> arrived{};  ///< likewise
  /// How the devices of each event stood right before it; all devices where it is about rules. By place in
  /// the plot.
  std::map<size_t, Standings> before{};
  std::set<size_t> refused{};  ///< events of operators that were rejected for good, by place in the plot
  Serials delayed{};           ///< an operator had to ask more than once
  Serials unspecified{};  ///< came while the first list was still to be read: nobody can say which they are
  bool has_spun = false;  ///< the server was due again at once, without end
};

/// Devices whose end may differ, because an operator did something at a moment when they stood otherwise than
/// in the twin.
std::set<std::string> excused(const Outcome& outcome, const Outcome& twin);

}  // namespace muster::explore
