// Sends requests that nobody expects to a server, and judges its answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace muster::api_fuzz {

struct Plan {
  std::uint64_t seed = 0;
  std::chrono::seconds time{60};
};

struct Report {
  std::map<int, long long> answers;   ///< by status
  std::set<std::string> succeeded;    ///< calls that were answered with success
  size_t calls = 0;                   ///< that are described
  std::vector<std::string> findings;  ///< at most kMostFindings, then it ends
  static constexpr size_t kMostFindings = 20;
};

Report fuzz(const Plan& plan);

}  // namespace muster::api_fuzz
