// The table of commands: it drives dispatch, the lists that `mdmctl help` and `mdmctl get` print, and the
// guesses at what a mistyped word was meant to be.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster::cli {

class Call;

/// What a command is about. One that is about an account has the flag -account.
enum class Scope { program, account };

struct Command {
  std::string_view verb;      ///< `get`
  std::string_view resource;  ///< `dep-devices`; "" for a command of one word
  std::string_view summary;   ///< one sentence, with a full stop
  Result<> (*run)(Call&);
  Scope scope = Scope::program;

  /// As typed, without the program's name: `get dep-devices`.
  std::string name() const;
};

/// Every command, in the order that help shows them.
std::span<const Command> commands();

/// The command of these words, or null.
const Command* find_command(std::string_view verb, std::string_view resource);

/// `get`, `apply`, ...: each once, in the table's order.
std::vector<std::string> verbs();
/// The resources of a verb, in the table's order; empty for a command of one word.
std::vector<std::string> resources_of(std::string_view verb);

}  // namespace muster::cli
