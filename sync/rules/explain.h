// Why a device has the profile it has: all that is known of it, and what the rules say about it now.
#pragma once

#include <optional>
#include <vector>

#include "assign/rules.h"
#include "store/store.h"

namespace muster::sync {

struct Explanation {
  Device device;
  std::optional<Assignment> assignment;
  std::vector<Assigner> rules;  ///< of the account, in order
  std::vector<int> covering;    ///< places of those that cover the device now; the first one wins
  Backfill backfill;
  std::vector<HistoryEntry> history;  ///< oldest first
};

/// Code::not_found when the account never had a device of that serial number.
Result<Explanation> explain(Reader& reader, const Account& account, const Serial& serial);

/// How a device stood at some moment, read off its history.
struct StateThen {
  bool known = false;           ///< Muster had heard of it
  std::string observed;         ///< what Apple showed: `assigned UUID`
  std::string desired;          ///< what Muster wanted, and why: `'lab' -> UUID`; "" for nothing
  std::string last_answer;      ///< Apple's, to an assignment: `SUCCESS UUID`
  std::optional<Time> left_at;  ///< it was gone since then
  bool contested = false;
};
StateThen state_at(const std::vector<HistoryEntry>& history, Time at);

}  // namespace muster::sync
