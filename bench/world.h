// Apple's service simulated with many devices, and a directory where the server is about to read them for the
// first time: its account has profiles and rules, and waits for the word.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/server.h"
#include "bench/twenty_filters.h"
#include "tests/support/temp_dir.h"

namespace muster::bench {

class World {
 public:
  /// `flags` for depsim, beside its devices and pages made ahead; each filter is a rule with a profile of its
  /// own.
  explicit World(long long devices, const std::vector<std::string>& flags = {},
                 std::vector<std::string> filters = {std::begin(kTwentyFilters), std::end(kTwentyFilters)});

  test::Depsim& depsim() { return depsim_; }
  long long devices() const { return devices_; }
  /// UUIDs of the rules' profiles, in the order of the rules.
  const std::vector<std::string>& profiles() const { return profiles_; }
  std::string path(const std::string& name) const { return directory_.file(name); }

  /// A data directory of its own, in which everything is ready for the first reading of the list.
  std::string new_directory();

  /// What the first reading of the list took, as `server` did it in `directory`.
  struct Baseline {
    double seconds = 0, cpu_seconds = 0, depsim_cpu_seconds = 0;
  };
  Baseline read_baseline(Server& server);
  /// A server that has all devices stored.
  std::unique_ptr<Server> server_with_all_stored(const std::vector<std::string>& flags = {});
  /// Where the server that was made last keeps its data.
  const std::string& data() const { return data_; }

 private:
  void make_rules();

  const long long devices_;
  const std::vector<std::string> filters_;
  const test::TempDir directory_;
  test::Depsim depsim_;
  std::vector<std::string> profiles_;
  int directories_ = 0;
  std::string data_;
};

struct FloorRun {
  double seconds = 0;
  std::string output;  ///< without the end of its line
};
/// Runs a floor, a program of bench/. Throws when it fails.
FloorRun run_floor(const std::string& name, const std::vector<std::string>& arguments);

}  // namespace muster::bench
