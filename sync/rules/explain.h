// Explains why a device has its profile: its history, and what each rule says about it now.
#pragma once

#include <optional>
#include <vector>

#include "assign/rules.h"
#include "store/store.h"

namespace muster::sync {

struct Explanation {
  Device device;
  std::optional<Assignment> assignment;
  std::optional<Enrollment> enrollment;  ///< unless the device is in another account now
  std::optional<Time> late_since;        ///< sync/enrollment/late.h; nothing when it is not late
  std::vector<Rule> rules;               ///< of the account, in order
  std::vector<int> covering;  ///< positions of the rules that match the device now; the first one wins
  Backfill backfill;
  std::vector<HistoryEntry> history;  ///< oldest first
};

/// Code::not_found if the account never had a device with this serial number.
Result<Explanation> explain(Reader& reader, const Account& account, const Serial& serial, Time now);

/// The state of a device at some time, derived from its history.
struct StateThen {
  bool known = false;           ///< Muster knew the device
  std::string observed;         ///< reported by Apple: `assigned UUID`
  std::string desired;          ///< desired, and why: `'lab' -> UUID`; "" for nothing
  std::string last_answer;      ///< to an assignment: `SUCCESS UUID`
  std::optional<Time> left_at;  ///< set if it had left
  bool contested = false;
};
StateThen state_at(const std::vector<HistoryEntry>& history, Time at);

}  // namespace muster::sync
