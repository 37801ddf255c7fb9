// One run of one command: its arguments and what it may use.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/text/flags.h"
#include "cli/client/api.h"
#include "cli/client/command.h"
#include "cli/client/config.h"
#include "cli/client/environment.h"
#include "cli/output/progress.h"

namespace muster::cli {

/// Exit codes beside 0, for all that was asked, and 1, for an error: docs/mdmctl.md has the table.
inline constexpr int kChanged = 2;  ///< `apply -f` changed something, or would
inline constexpr int kPartly = 3;   ///< a part was done or found, and the warnings name the rest

/// A file's name for messages: `standard input` for `-`.
std::string name_of_input(const std::string& path);

class Call {
 public:
  /// All must outlive the call.
  Call(const Command& command, std::vector<std::string> args, Environment& environment)
      : command_(command),
        args_(std::move(args)),
        environment_(environment),
        progress_(std::make_shared<Progress>(environment.err, environment.is_terminal)) {}

  /// An empty set of flags that carries the command's name and summary.
  FlagSet flags() const;
  /// From now on parse() only gives its flags to `inspect`, and fails: for help, manuals and completion.
  void only_inspect(std::function<void(const FlagSet&)> inspect) { inspect_ = std::move(inspect); }
  /// Sets the flags' targets from the arguments, after adding -account where the command is about an account.
  /// Code::invalid also for an argument that is no flag, and for an -account without a name. `-help` prints
  /// the manual and fails with Code::cancelled, so that the command leaves; see help_was_shown().
  Result<> parse(FlagSet& flags);
  /// True when `-help` was asked for and answered: the failure that follows is none. The error's code alone
  /// does not say so, as a server's 503 may have the same.
  bool help_was_shown() const { return help_was_shown_; }
  /// `message` as an error, with the command's manual printed before it, for a flag that is missing.
  Result<> misuse(const FlagSet& flags, const std::string& message) const;

  std::ostream& out() const { return environment_.out; }
  /// Somebody looks at it.
  bool out_is_terminal() const { return environment_.out_is_terminal; }
  /// Whether states are to be coloured on it.
  bool has_colour() const { return environment_.has_colour; }
  /// One line on the error stream; the command goes on.
  void warn(const std::string& text) const;
  /// Whole lines on the error stream as they are; `text` is safe for a terminal.
  void report(const std::string& text) const;
  /// `text` on standard output. With a secret, which is shown this once, that is alone there, for scripts;
  /// the text and `advice`, what to do with it, are reported.
  void print_with_secret(const std::string& text, const std::string& secret, const std::string& advice) const;

  /// Whether the person says yes; false where nobody is there to answer.
  bool ask(const std::string& question) const { return environment_.ask && environment_.ask(question); }

  /// On a terminal, shows `text` as the line of progress; "" removes the line.
  void progress(const std::string& text) const { progress_->show(text); }

  /// A file that the operator named; `-` is standard input. Errors name the file.
  Result<std::string> read_input(const std::string& path, size_t limit) const;
  /// The same of a text, as UTF-8 whatever it was (base/text/text_file.h).
  Result<std::string> read_text(const std::string& path, size_t limit) const;
  /// The same of a secret: trimmed, and not empty.
  Result<std::string> read_secret(const std::string& path) const;

  Result<ConfigFile> config_file() const { return ConfigFile::of_home(environment_); }
  /// How to reach the server that the command is for.
  Result<ServerConfig> server_config() const { return active_server(environment_); }
  /// Its API; every call goes to the account that -account names.
  Result<Api> server() const { return server_of(account_); }
  /// Its API, for another account.
  Result<Api> server_of(const std::string& account) const;

  /// The outcome of a command that found `found` of `wanted` serial numbers. Code::not_found for none; for
  /// some, the exit code kPartly and a warning. `who`: `Apple knows`.
  Result<> found(size_t found, size_t wanted, const std::string& who);

  /// The program's exit code when the command ends well; 0 where nothing else is said.
  void exit_with(int code) { exit_code_ = code; }
  int exit_code() const { return exit_code_; }

  /// What -account names; "" where it was not given.
  const std::string& account() const { return account_; }
  /// ` -account NAME` as the person gave it, for a command that a message tells to run; "" where none was
  /// given.
  std::string account_flag() const;

 private:
  const Command& command_;
  const std::vector<std::string> args_;
  Environment& environment_;
  const std::shared_ptr<Progress> progress_;
  std::string account_;  // "" for the server's default one
  std::function<void(const FlagSet&)> inspect_;
  bool help_was_shown_ = false;
  int exit_code_ = 0;
};

}  // namespace muster::cli
