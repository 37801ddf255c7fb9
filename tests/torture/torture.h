// The torture test: a server that is killed at random times, under load and with failures at Apple, must end
// with every device as docs/arrivals.md requires.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace muster::torture {

struct Plan {
  std::uint64_t seed = 1;
  int kills = 1000;
  int servers = 1;                     ///< more: on one PostgreSQL database (servers.h)
  std::chrono::milliseconds limit{0};  ///< no more kills after this time; 0: none
};

struct Report {
  int kills = 0;
  int kills_at_start = 0;  ///< of those, before the server listened
  long long arrivals = 0;
  int by_hand = 0;      ///< what an operator did meanwhile
  long long calls = 0;  ///< to Apple
  std::map<std::string, int> troubles;
  std::vector<std::string> lost;   ///< devices without the profile they must have
  std::vector<std::string> wrong;  ///< devices with a profile that they must not have
  std::vector<std::string> twice;  ///< devices that were assigned a profile again since they arrived
  int returned_twice = 0;          ///< the same, of devices that had arrived before (find_repeated)
  long long refused = 0;           ///< of several servers: writes that were refused
  std::chrono::milliseconds longest_pause{
      0};                               ///< of several servers: after a fail-over, until all stored again
  std::vector<std::string> complaints;  ///< the server's own about itself or its database
  std::chrono::milliseconds time{0};

  bool good() const { return lost.empty() && wrong.empty() && twice.empty() && complaints.empty(); }
};

/// Works in `directory`, which must be empty; says how far it is on `progress`. Throws when the server ends
/// by itself, does not start again, or never becomes quiet.
Report torture(const Plan& plan, const std::string& directory, std::ostream& progress);

}  // namespace muster::torture
