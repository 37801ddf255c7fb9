// A running muster_under_test (tests/under_test/main.cc): the server with a clock that the test moves and an
// end at the kill point that it names.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time/clock.h"
#include "tests/e2e/world/muster_server.h"

namespace muster::test {

/// The passing of a kill point at which the process ends, from 1.
struct KillAt {
  std::string point;
  long long passing = 1;
};

class UnderTestServer : public MusterServer {
 public:
  /// Starts it, the clock at `now`, and waits until it listens; throws when it does not, Killed when
  /// `kill` came first.
  /// `shadow`: a directory for what a power cut would leave of the database (tests/under_test/disk.h).
  UnderTestServer(const std::vector<std::string>& flags, Time now, const std::optional<KillAt>& kill = {},
                  const std::string& shadow = {});

  Time now();
  /// Moves both clocks; returns the time then.
  Time advance(Millis by);
  /// Sets the wall clock only, back when `by` is negative; returns the time then.
  Time jump(Millis by);
  /// From now on.
  void kill_at(const KillAt& kill);
  /// A thread throws at the `passing`th time from now that one comes by the kill point, once.
  void throw_at(const std::string& point, long long passing = 1);
  /// Nothing of the database's disk can be read or written from now on, or it is as before.
  void set_disk_broken(bool broken);
  /// The disk of the database is full from now on, or has room again.
  void set_disk_full(bool full);
  /// How often each kill point was passed so far.
  std::map<std::string, long long> passed();

 private:
  // The answer without its "ok"; throws when there is none (Killed, or another) or an error.
  std::string command(const std::string& line);

  size_t answers_ = 0;
};

}  // namespace muster::test
