// Runs stories and checks their outcomes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace muster::explore {

struct Plan {
  std::uint64_t seed = 1;
  std::chrono::milliseconds length{};
  std::optional<long long> story{};  ///< this one only
  size_t most_findings = 10;         ///< different ones
};

/// Prints each finding as a scenario, and a summary; returns how many there are.
size_t explore(const Plan& plan);

}  // namespace muster::explore
