// Command line flags as Go's `flag` package reads them, because users know them from micromdm and mdmctl:
// `-name value`, `-name=value` and `--name` alike, booleans as `-tls`, `-tls=false` or `-tls false`, `--`
// ends the flags.
//
//   FlagSet flags("muster serve", "Run the server.");
//   flags.add("http-addr", &addr, "address to listen on").env({"MUSTER_HTTP_ADDR"});
//   MUSTER_TRY(auto rest, flags.parse(args));
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time/clock.h"

namespace muster {

/// Reads `90s`, `2m`, `1h30m`, `500ms`, `1d`; a bare number is not accepted (seconds or minutes?).
Result<Millis> parse_duration(const std::string& text);
/// `2m0s` style is Go's; ours is the shortest that parse_duration reads: `2m`, `1h30m`, `500ms`, `0s`.
std::string format_duration(Millis duration);

class FlagSet {
 public:
  /// `command` as typed, e.g. "mdmctl get devices"; `summary` one sentence for the manual.
  FlagSet(std::string command, std::string summary);

  struct Flag {
    std::string name;
    std::string help;
    std::string value_name;     ///< what stands for the value in the manual; "" for a boolean
    std::string default_value;  ///< shown in the manual when not empty
    bool is_boolean = false;
    std::vector<std::string> environment;               ///< variables that give the value, first one set wins
    std::function<Result<>(const std::string&)> store;  ///< checks and keeps a value
    std::vector<std::string> choices = {};              ///< all its values, where they are few
    std::string alias = {};                             ///< another name for it; "" for none
    bool may_be_empty = false;                          ///< for a strict set of flags
    bool adds_up = false;                               ///< may be repeated; its values are joined by commas
    bool given = false;                                 ///< on the command line or by environment
    std::string value = {};                             ///< what the command line gave

    /// An empty value means something.
    Flag& allow_empty() {
      may_be_empty = true;
      return *this;
    }
    /// A list: the flag may be repeated.
    Flag& add_up() {
      adds_up = true;
      return *this;
    }
    /// Another name, which people know from elsewhere.
    Flag& also(std::string name_elsewhere) {
      alias = std::move(name_elsewhere);
      return *this;
    }
    Flag& one_of(std::vector<std::string> values) {
      choices = std::move(values);
      return *this;
    }
    Flag& env(std::vector<std::string> names) {
      environment = std::move(names);
      return *this;
    }
  };

  /// Each keeps the target's present value as the default. The target must outlive parse().
  Flag& add(std::string name, std::string* target, std::string help, std::string value_name = "string");
  Flag& add(std::string name, bool* target, std::string help);
  Flag& add(std::string name, long long* target, std::string help, std::string value_name = "number");
  Flag& add(std::string name, Millis* target, std::string help);  ///< a duration

  /// Sets the targets; returns the arguments that are not flags. All errors at once, each with the flag's
  /// name. `-h` and `-help` give Code::cancelled with the manual as the message.
  Result<std::vector<std::string>> parse(const std::vector<std::string>& args);

  /// From now on a value without effect is an error: of a flag that is repeated with another value, and an
  /// empty one, which an unset variable of a script leaves behind.
  FlagSet& strict() {
    is_strict_ = true;
    return *this;
  }

  /// Every flag, in the order in which they were added.
  const std::vector<std::unique_ptr<Flag>>& flags() const { return flags_; }

  /// True when the flag was on the command line or in the environment.
  bool given(const std::string& name) const;

  /// The manual: summary, usage, and each flag with its default and environment variables.
  std::string usage() const;

 private:
  Flag& add_flag(Flag flag);
  Flag* find(const std::string& name);

  std::string unknown_flag(const std::string& name) const;
  Result<> take(Flag& flag, const std::string& value) const;

  std::string command_;
  std::string summary_;
  bool is_strict_ = false;
  std::vector<std::unique_ptr<Flag>> flags_;
};

}  // namespace muster
