// A `muster serve` process.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/e2e/world/server_log.h"
#include "tests/support/process.h"

namespace muster::test {

/// How long a test waits for what must come.
inline constexpr std::chrono::seconds kDeadline{60};

/// The server ended by SIGKILL where it was expected to listen or to answer.
struct Killed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The command line of a server: with MUSTER_TEST_DATABASE=postgresql, on a database of the test cluster for
/// each -config-path (tests/support/postgres_cluster.h).
std::vector<std::string> on_test_database(std::vector<std::string> argv);

class MusterServer {
 public:
  /// Starts it and waits until it listens; throws, with its output, when it does not (Killed, or another).
  explicit MusterServer(const std::vector<std::string>& flags, const Environment& environment = {});

  const std::string& url() const { return url_; }
  pid_t pid() const { return process_->pid(); }
  unsigned short port() const;
  /// The largest amount of memory that it has had, in bytes.
  long long peak_memory() const;

  std::string log() const { return process_->err(); }
  std::string output() const { return process_->output(); }
  /// Where the log ends now, for await(): what comes after this point.
  size_t mark() const { return log().size(); }

  using Condition = std::function<bool(const LogLine&)>;
  /// The first line with this event after `since` that meets the condition. Throws, with the log, when none
  /// comes.
  LogLine await(std::string_view event, size_t since = 0, const Condition& condition = {});
  /// The lines with this event so far.
  std::vector<LogLine> events(std::string_view event, size_t since = 0) const;
  /// The texts of the warnings about devices so far, in order.
  std::vector<std::string> device_warnings(size_t since = 0) const;

  void send_signal(int signal) { process_->send_signal(signal); }
  /// The exit code; nothing when it still runs after `limit`.
  std::optional<int> wait_exit(std::chrono::milliseconds limit) { return process_->wait_exit(limit); }
  /// Sends SIGTERM. The exit code; nothing when it still runs after the two seconds of docs/serve.md. They
  /// count as far as the machine has time for one more busy thread: on one that is busy they take longer.
  std::optional<int> end_promptly();

 protected:
  /// Of a program that is being started.
  explicit MusterServer(std::unique_ptr<Process> process);
  Process& process() { return *process_; }

 private:
  const std::unique_ptr<Process> process_;
  std::string url_;
};

}  // namespace muster::test
