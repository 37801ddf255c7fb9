// Real programs under test: started, watched, signalled, and never left behind.
//
//   Process server({binary("muster"), "serve", "-config-path", directory});
//   auto line = server.wait_for_line("muster listening on ");      // the whole line, or nothing at the
//   deadline server.send_signal(SIGTERM); EXPECT_EQ(server.wait_exit(2s), 0) << server.output();
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace muster::test {

/// Variables set beside the inherited ones. Proxies, MUSTER_... and MICROMDM_... are never inherited: a test
/// must not depend on who runs it.
using Environment = std::map<std::string, std::string>;

/// How long a test waits for what should be there at once, on a slow and busy machine.
inline constexpr std::chrono::seconds kPatience{120};

class Process {
 public:
  /// Starts argv[0] (a path, or a name in PATH) with `input` to read. Throws when it cannot be started.
  /// The program is killed with the thread that started it, so that a test that is killed leaves nothing
  /// behind: start it from a thread that outlives it.
  explicit Process(std::vector<std::string> argv, const Environment& environment = {},
                   const std::string& input = {});
  /// The same with a standard input that stays open: send_line().
  enum class Input { open };
  Process(std::vector<std::string> argv, Input, const Environment& environment = {});
  /// Kills it when it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The first whole line of either stream that contains `text`, as soon as it is there; nothing when the
  /// program ended or the limit passed without it.
  std::optional<std::string> wait_for_line(const std::string& text,
                                           std::chrono::milliseconds limit = kPatience);

  /// Waits until `condition` is true of the standard output so far; false when the program ended or the limit
  /// passed without it.
  bool wait_for_output(const std::function<bool(const std::string& out)>& condition,
                       std::chrono::milliseconds limit = kPatience);

  /// Writes a line to a standard input that is open; nothing happens when the program has ended.
  void send_line(const std::string& line);

  /// SIGTERM, SIGKILL, SIGHUP...; nothing happens when the program ended before.
  void send_signal(int signal);

  /// The exit code once it ended and all its output is read (128 + the number for one killed by a signal);
  /// nothing when it still runs after `limit`.
  std::optional<int> wait_exit(std::chrono::milliseconds limit = kPatience);

  pid_t pid() const;
  std::string out() const;     ///< standard output so far, all that was written before the call
  std::string err() const;     ///< standard error so far, likewise
  std::string output() const;  ///< both, for the message of a failing expectation

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct ProgramResult {
  int exit = -1;  ///< 128 + number for a signal; -1 when it had to be killed at the limit
  std::string out;
  std::string err;
};

/// Runs a program completely, with `input` as its standard input.
ProgramResult run_program(const std::vector<std::string>& argv, const std::string& input = {},
                          const Environment& environment = {}, std::chrono::milliseconds limit = kPatience);

}  // namespace muster::test
