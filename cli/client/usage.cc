#include "cli/client/usage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text/did_you_mean.h"
#include "cli/client/command.h"

namespace muster::cli {
namespace {

constexpr std::string_view kExamples = R"(
EXAMPLES
  # Tell mdmctl where the server is; done once
  mdmctl config set -name production -server-url https://muster.example.org -api-token TOKEN

  # Define an enrollment profile, and give it to every device that arrives from now on
  mdmctl apply dep-profiles -template > profile.json
  mdmctl apply dep-profiles -f profile.json -filter='*'

  # See who got what
  mdmctl get dep-devices

ENVIRONMENT
  MDMCTL_SERVER_URL and MDMCTL_API_TOKEN, when both are set, stand in for `mdmctl config set`.

Run `mdmctl COMMAND -help` for the flags of a command.
)";

size_t width_of_names() {
  size_t width = 0;
  for (const auto& command : commands()) width = std::max(width, command.name().size());
  return width;
}

std::string list_of(std::string_view verb) {
  std::string text;
  for (const auto& command : commands())
    if (verb.empty() || command.verb == verb)
      text += fmt::format("  {:<{}}  {}\n", command.name(), width_of_names(), command.summary);
  return text;
}

}  // namespace

std::string overview() {
  return fmt::format(
      "mdmctl gives devices their enrollment profiles, through a Muster or MicroMDM server.\n\n"
      "USAGE\n  mdmctl <command> [<args>] [flags]\n\nCOMMANDS\n{}  {:<{}}  {}\n{}",
      list_of(""), "help [COMMAND]", width_of_names(), "Show this list, or the manual of one command.",
      kExamples);
}

std::string verb_overview(std::string_view verb) {
  return fmt::format(
      "USAGE\n  mdmctl {0} <{1}> [flags]\n\nCOMMANDS\n{2}\nRun `mdmctl {0} <{1}> -help` for the flags of "
      "one.\n",
      verb, verb == "config" ? "action" : "resource", list_of(verb));
}

namespace {

// What MicroMDM's mdmctl has beside enrollment profiles, and words of other tools, with what stands for them
// here.
struct ForeignCommand {
  std::string_view verb;  // "" for any
  std::string_view resource;
  std::string_view answer;
};
constexpr std::string_view kOfMdmServer =
    "Muster handles enrollment profiles only: this is a command for your MDM server's own mdmctl";
constexpr ForeignCommand kForeign[] = {
    {"", "blueprints", kOfMdmServer},
    {"", "blueprint", kOfMdmServer},
    {"", "users", kOfMdmServer},
    {"", "user", kOfMdmServer},
    {"", "apps", kOfMdmServer},
    {"", "app", kOfMdmServer},
    {"", "block", kOfMdmServer},
    {"", "commands", kOfMdmServer},
    {"", "profiles",
     "Configuration profiles belong to your MDM server; for enrollment profiles, run `mdmctl get dep-profiles`"},
    {"", "profile",
     "Configuration profiles belong to your MDM server; for enrollment profiles, run `mdmctl get dep-profiles`"},
    {"mdmcert", "", kOfMdmServer},
    {"mdmcert", "vendor", kOfMdmServer},
    {"mdmcert", "push", kOfMdmServer},
    {"mdmcert", "upload", kOfMdmServer},
    {"push", "", kOfMdmServer},
    {"serve", "", "The server is a program of its own: `muster serve`"},
    {"syncnow", "", "Run `mdmctl sync`"},
    {"assign", "",
     "Give devices a profile by a rule: `mdmctl apply dep-autoassigner -help`; or name them in \"devices\" of the profile"},
    {"status", "", "Run `mdmctl get dep-accounts`"},
    {"login", "", "Run `mdmctl config set -name NAME -server-url URL -api-token TOKEN`"},
    {"list", "", "Run `mdmctl get`"},
    {"describe", "", "Run `mdmctl explain -serial S`, or `mdmctl get`"},
    {"show", "", "Run `mdmctl get`"},
    {"delete", "", "Run `mdmctl remove`"},
    {"create", "", "Run `mdmctl apply`"},
    {"set", "", "Run `mdmctl apply`, or `mdmctl config set`"},
    {"import", "", "Run `mdmctl apply dep-tokens -import FILE`"},
    {"get", "tokens", "Run `mdmctl get dep-tokens`"},
    {"apply", "tokens", "Run `mdmctl apply dep-tokens -import FILE`"},
    {"get", "accounts", "Run `mdmctl get dep-accounts`"},
    {"get", "rules", "Run `mdmctl get dep-autoassigners`"},
    {"get", "rules", "Run `mdmctl get dep-autoassigners`"},
    {"get", "lists", "Run `mdmctl get device-lists`"},
    {"get", "notes", "Run `mdmctl get device-notes`"},
};

std::string_view foreign_answer(std::string_view verb, std::string_view resource) {
  for (const auto& foreign : kForeign)
    if (foreign.resource == resource && (foreign.verb.empty() ? !resource.empty() : foreign.verb == verb))
      return foreign.answer;
  return {};
}

}  // namespace

Error unknown_command(std::string_view verb, std::string_view resource) {
  const bool verb_is_unknown = resource.empty();
  auto known = verb_is_unknown ? verbs() : resources_of(verb);
  if (verb_is_unknown) known.emplace_back("help");
  const std::string_view word = verb_is_unknown ? verb : resource;
  const std::string guess = did_you_mean(word, known);
  const std::string before = verb_is_unknown ? "mdmctl" : fmt::format("mdmctl {}", verb);
  if (const auto answer = foreign_answer(verb, resource); !answer.empty())
    return {Code::invalid, fmt::format("\"{}\" is not a command of `{}`", word, before), std::string(answer)};
  return {
      Code::invalid, fmt::format("\"{}\" is not a command of `{}`", word, before),
      fmt::format("{}Valid: {}", guess.empty() ? "" : fmt::format("Did you mean `{} {}`? ", before, guess),
                  fmt::join(known, ", "))};
}

}  // namespace muster::cli
