#include "cli/manual/flags_of.h"

#include <sstream>

#include "cli/client/call.h"

namespace muster::cli {

std::vector<FlagText> flags_of(const Command& command) {
  std::vector<FlagText> texts;
  std::ostringstream nowhere;
  Environment environment{.out = nowhere,
                          .err = nowhere,
                          .variable = [](const std::string&) { return std::string(); },
                          .read_stdin = [](size_t) -> Result<std::string> { return std::string(); }};
  Call call(command, {}, environment);
  call.only_inspect([&](const FlagSet& flags) {
    for (const auto& flag : flags.flags())
      texts.push_back({flag->name, flag->alias, flag->value_name, flag->help, flag->default_value,
                       flag->choices, flag->is_boolean});
  });
  // It fails as soon as its flags are known.
  if (command.run(call)) return {};
  return texts;
}

}  // namespace muster::cli
