// The server that is killed and restarted on the same directory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace muster::torture {

inline constexpr const char* kApiKey = "key-of-the-torture";

/// The flags of `muster serve` on this directory, with this depsim as Apple.
std::vector<std::string> serve_flags(const std::string& directory, const std::string& depsim);

class Victim {
 public:
  /// `log_file`: what the servers print is added to it.
  Victim(std::vector<std::string> flags, std::string log_file)
      : flags_(std::move(flags)), log_file_(std::move(log_file)) {}

  /// Returns at once.
  void start();
  /// Waits until it listens and gives its URL. Throws, with its output, when it does not: no kill may keep
  /// the next start from working.
  std::string await_url();
  void send_signal(int signal) { process_->send_signal(signal); }
  /// By SIGKILL. Throws when it had ended by itself.
  void kill();

  /// Lines of the log that tell of a fault of the server's own: an internal error, or trouble with its
  /// database.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  const std::vector<std::string> flags_;
  const std::string log_file_;
  std::unique_ptr<test::Process> process_;
  std::vector<std::string> complaints_;
};

/// Those of one log.
std::vector<std::string> complaints_in(const std::string& log);

}  // namespace muster::torture
