// The server under test as scenarios have it: in the time of the scenario, and mortal.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/world/under_test_server.h"

namespace muster::test {

class MusterUnderTest {
 public:
  /// Starts it and waits until it listens; throws Failed, with its output, when it does not.
  MusterUnderTest(Time now, const std::vector<std::string>& flags);

  const std::string& url() const { return server_->url(); }
  std::string log() const { return server_->log(); }
  std::string output() const { return server_->output(); }

  /// Its clock continues to `now`, which must be later than before. Nothing happens when it died meanwhile:
  /// whoever waits for it to be quiet will notice.
  void advance_to(Time now);
  /// Its wall clock is set, back when `by` is negative. Its time to wait is not concerned.
  void jump(Millis by) { now_ = server_->jump(by); }
  /// A thread of it throws when one comes by the kill point next.
  void throw_at(const std::string& point) { server_->throw_at(point); }
  /// It kills itself at the `passing`th time that it comes by the kill point from now on.
  void kill_at(const std::string& point, long long passing);

  bool runs() { return !server_->wait_exit(std::chrono::milliseconds(0)); }
  void send_signal(int signal) { server_->send_signal(signal); }
  /// The exit code; throws Failed when it does not end.
  int wait_exit();

 private:
  std::unique_ptr<UnderTestServer> server_;
  Time now_;
};

}  // namespace muster::test
