// A running muster-under-test (tests/muster_under_test/main.cc): the real server in a time that the scenario moves.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "tests/support/process.h"

namespace muster::test {

class MusterUnderTest {
 public:
  /// Starts it and waits until it listens; throws Failed, with its output, when it does not.
  MusterUnderTest(Time now, const std::vector<std::string>& flags);

  const std::string& url() const { return url_; }
  pid_t pid() const { return process_.pid(); }
  std::string log() const { return process_.err(); }
  std::string output() const { return process_.output(); }

  /// Its clock goes on to `now`, which must be later than before.
  void advance_to(Time now);
  /// It kills itself at the `passing`th time that it comes by the kill point from now on.
  void kill_at(const std::string& point, long long passing);

  bool runs() { return !process_.wait_exit(std::chrono::milliseconds(0)); }
  void send_signal(int signal) { process_.send_signal(signal); }
  /// The exit code; throws Failed when it does not end.
  int wait_exit();

 private:
  void command(const std::string& line, const std::string& answer);

  Process process_;
  Time now_;
  std::string url_;
};

}  // namespace muster::test
