// Assign, remove and disown: the answer and the effect for each device.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/world/settings.h"
#include "sim/world/world.h"

namespace muster::sim {

/// Answers that a fault forces on serials.
struct ForcedResults {
  /// By serial, `*` for all others. A serial with nothing is left out of the answer.
  std::map<std::string, std::optional<std::string>> words;
  /// False: a serial answered with SUCCESS is not changed all the same.
  bool apply_success = true;

  /// The forced answer for a serial, or null when there is none.
  const std::optional<std::string>* find(const std::string& serial) const;
};

struct SerialResults {
  std::vector<std::pair<std::string, std::string>> words;  ///< serial and word, in the order asked
  std::vector<std::string> repeated;  ///< serials that had been assigned this since they arrived
  long long retry_after_s = 0;        ///< the longest cool-down of a throttled one; 0: none is
};

/// The context of one call to the service.
struct AssignCall {
  World& world;
  const Settings& settings;
  int account;
  int version;  ///< of the protocol
  long long now_ms;
  const ForcedResults* forced = nullptr;
};

SerialResults assign_profile(const AssignCall& call, ProfileId profile,
                             const std::vector<std::string>& serials);
SerialResults remove_profile(const AssignCall& call, const std::vector<std::string>& serials);
SerialResults disown_devices(const AssignCall& call, const std::vector<std::string>& serials);

/// `{"A":"SUCCESS","B":"NOT_ACCESSIBLE"}`.
std::string to_json(const SerialResults& results);

}  // namespace muster::sim
