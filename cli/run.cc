#include "cli/run.h"

#include <algorithm>
#include <cerrno>
#include <ostream>

#include "base/text/strings.h"
#include "cli/client/call.h"
#include "cli/client/command.h"
#include "cli/client/usage.h"
#include "cli/manual/completion.h"
#include "cli/manual/man_page.h"
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
                    {Code::internal, "the output could not be written completely", {}});
  }
  return call.exit_code();
}

}  // namespace

namespace {

// For the shells' scripts: a line each, with a tab before the description.
int print_candidates(const std::vector<std::string>& args, Environment& environment) {
  for (const auto& candidate : complete({args.begin() + 1, args.end()}, environment)) {
    environment.out << printable(candidate.text);
    if (!candidate.description.empty()) environment.out << '\t' << printable(candidate.description);
    environment.out << '\n';
  }
  return environment.out.flush() ? 0 : 1;
}

// `help -man`, `help -man get devices`.
int print_man_page(const std::vector<std::string>& words, Environment& environment) {
  if (words.empty()) {
    environment.out << man_page();
    return environment.out.flush() ? 0 : 1;
  }
  const auto* command = find_command(to_lower(words[0]), words.size() > 1 ? to_lower(words[1]) : "");
  if (!command || words.size() > 2)
    return complain(environment, "", unknown_command(words[0], words.size() > 1 ? words[1] : ""));
  environment.out << man_page(*command);
  return environment.out.flush() ? 0 : 1;
}

// The command of these words: also in the singular or the plural, as people remember it.
const Command* find_resource(const std::string& verb, const std::string& resource) {
  if (const auto* command = find_command(verb, resource)) return command;
  const auto* plural = find_command(verb, resource + "s");
  if (plural || !resource.ends_with("s")) return plural;
  return find_command(verb, resource.substr(0, resource.size() - 1));
}

}  // namespace

int run(const std::vector<std::string>& args, Environment& environment) {
  if (!args.empty() && args[0] == "__complete") return print_candidates(args, environment);
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
    if (const auto man = std::find_if(rest.begin(), rest.end(),
                                      [](const auto& word) { return word == "-man" || word == "--man"; });
        man != rest.end()) {
      rest.erase(man);
      return print_man_page(rest, environment);
    }
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
  const Command* command = find_resource(verb, resource);
  if (!command) return complain(environment, "", unknown_command(verb, resource));
  return run_command(*command, {args.begin() + 2, args.end()}, environment);
}

}  // namespace muster::cli
