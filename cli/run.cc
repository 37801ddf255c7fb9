#include "cli/run.h"

#include <cerrno>
#include <ostream>

#include "base/text/strings.h"
#include "cli/client/call.h"
#include "cli/client/command.h"
#include "cli/commands/usage.h"
#include "cli/output/printable.h"

namespace muster::cli {
namespace {

bool asks_for_help(const std::string& word) {
  return word == "help" || word == "-h" || word == "-help" || word == "--help" || word == "--h";
}

int complain(Environment& environment, const std::string& command, const Error& error) {
  environment.err << "mdmctl: " << (command.empty() ? "" : command + ": ") << printable(error.text()) << '\n';
  return 1;
}

int run_command(const Command& command, std::vector<std::string> args, Environment& environment) {
  Call call(command, std::move(args), environment);
  const auto done = command.run(call);
  if (!done && !call.help_was_shown()) {
    environment.out.flush();
    return complain(environment, command.name(), done.error());
  }
  if (!environment.out.flush()) {
    if (errno == EPIPE)
      return 1;  // `| head` has what it wanted; other commands die of SIGPIPE without a word
    return complain(environment, command.name(),
                    {Code::internal, "the output could not be written to its end", {}});
  }
  return call.exit_code();
}

}  // namespace

int run(const std::vector<std::string>& args, Environment& environment) {
  if (args.empty()) {
    environment.err << overview();
    return 1;
  }
  if (asks_for_help(args[0])) {
    if (args.size() == 1) {
      environment.out << overview();
      return environment.out.flush() ? 0 : 1;
    }
    std::vector<std::string> rest(args.begin() + 1, args.end());
    rest.emplace_back("-help");
    return run(rest, environment);
  }

  const std::string verb = to_lower(args[0]);
  const bool has_resources = !resources_of(verb).empty();
  // `apply -f FILE` is a command beside `apply RESOURCE`.
  const bool begins_with_flag = args.size() > 1 && args[1].starts_with("-");
  if (const Command* command = find_command(verb, ""); command && (!has_resources || begins_with_flag))
    return run_command(*command, {args.begin() + 1, args.end()}, environment);
  if (!has_resources) return complain(environment, "", unknown_command(verb, ""));
  if (args.size() == 1) {
    environment.err << verb_overview(verb);
    return 1;
  }
  if (asks_for_help(args[1])) {
    environment.out << verb_overview(verb);
    return environment.out.flush() ? 0 : 1;
  }
  const std::string resource = to_lower(args[1]);
  const Command* command = find_command(verb, resource);
  if (!command) return complain(environment, "", unknown_command(verb, resource));
  return run_command(*command, {args.begin() + 2, args.end()}, environment);
}

}  // namespace muster::cli
