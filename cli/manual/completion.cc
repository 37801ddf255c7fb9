#include "cli/manual/completion.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text/encoding.h"
#include "cli/client/actor.h"
#include "cli/client/call.h"
#include "cli/manual/flags_of.h"
#include "cli/output/fields.h"

namespace muster::cli {
namespace {

using Candidates = std::vector<Candidate>;

constexpr auto kPatience = std::chrono::seconds(2);  // a shell waits for the answer

// Where the server has the names that a flag takes.
struct Source {
  const char* path;
  const char* list;         // the member that has them
  const char* name;         // the member of each that is the name
  const char* description;  // another one
};
constexpr Source kAccounts{"/api/v1/accounts", "accounts", "name", "server_name"};
constexpr Source kLists{"/api/v1/lists", "lists", "name", "size"};
constexpr Source kProfiles{"/api/v1/profiles", "profiles", "name", "profile_uuid"};
constexpr Source kUuids{"/api/v1/profiles", "profiles", "profile_uuid", "name"};
constexpr Source kRules{"/api/v1/rules", "rules", "name", "filter"};
constexpr Source kFilters{"/api/v1/rules", "rules", "filter", "name"};

struct NamedFlag {
  std::string_view resource;  // of the command; "" for every one
  std::string_view flag;
  const Source* source;
};
constexpr NamedFlag kNamedFlags[] = {
    {"", "account", &kAccounts},
    {"dep-account", "name", &kAccounts},
    {"device-list", "name", &kLists},
    {"dep-profile", "name", &kProfiles},
    {"dep-profiles", "name", &kProfiles},
    {"dep-profiles", "uuid", &kUuids},
    {"dep-autoassigner", "name", &kRules},
    {"dep-autoassigner", "filter", &kFilters},
    {"dep-autoassigner", "profile", &kProfiles},
    {"dep-autoassigner", "uuid", &kUuids},
};

Candidates ask_server(const Source& source, const std::string& account, Environment& environment) {
  Candidates candidates;
  auto config = active_server(environment);
  if (!config) return candidates;
  const bool of_account = &source != &kAccounts;
  Api server(*std::move(config), of_account ? account : "", actor_of(environment),
             std::make_shared<Progress>(environment.err, false));
  server.be_patient_for(kPatience);
  const auto answer = server.get(source.path);
  if (!answer) return candidates;
  for (const auto* entry : objects_of(*answer, source.list)) {
    const auto name = text_of(*entry, source.name);
    const bool is_new = std::none_of(candidates.begin(), candidates.end(),
                                     [&](const Candidate& known) { return known.text == name; });
    if (!name.empty() && is_new) candidates.push_back({name, text_of(*entry, source.description)});
  }
  return candidates;
}

Candidates saved_servers(Environment& environment) {
  Candidates candidates;
  const auto file = ConfigFile::of_home(environment);
  if (!file) return candidates;
  const auto config = file->load();
  if (!config) return candidates;
  for (const auto& [name, server] : config->servers) candidates.push_back({name, server.server_url});
  return candidates;
}

// What -account says among the words, or what stands for it.
std::string account_in(const std::vector<std::string>& words) {
  for (size_t i = 0; i + 2 < words.size(); ++i)
    if (words[i] == "-account" || words[i] == "--account") return words[i + 1];
  return {};
}

Candidates values_of(const Command& command, const FlagText& flag, const std::vector<std::string>& words,
                     Environment& environment) {
  Candidates candidates;
  for (const auto& choice : flag.choices) candidates.push_back({choice, {}});
  if (!candidates.empty()) return candidates;
  if (command.verb == "config" && flag.name == "name") return saved_servers(environment);
  for (const auto& named : kNamedFlags)
    if (named.flag == flag.name && (named.resource.empty() || named.resource == command.resource))
      return ask_server(*named.source, account_in(words), environment);
  return candidates;
}

Candidates commands_after(const std::string& verb) {
  Candidates candidates;
  for (const auto& command : commands()) {
    const std::string word(verb.empty() ? command.verb : command.verb == verb ? command.resource : "");
    const bool is_new = std::none_of(candidates.begin(), candidates.end(),
                                     [&](const Candidate& known) { return known.text == word; });
    const bool has_one_word = verb.empty() && !command.resource.empty();
    if (!word.empty() && is_new)
      candidates.push_back({word, has_one_word ? "" : std::string(command.summary)});
  }
  if (verb.empty()) candidates.push_back({"help", "Show the commands, or the manual of one."});
  return candidates;
}

std::string flag_name(const std::string& word) {
  const size_t begin = word.find_first_not_of('-');
  return begin == std::string::npos ? "" : word.substr(begin, word.find('=') - begin);
}

Candidates within_command(const Command& command, const std::vector<std::string>& words,
                          Environment& environment) {
  const auto flags = flags_of(command);
  const auto find = [&](const std::string& name) {
    const auto found =
        std::find_if(flags.begin(), flags.end(), [&](const FlagText& flag) { return flag.name == name; });
    return found == flags.end() ? nullptr : &*found;
  };
  const std::string& last = words.back();
  const std::string before = words.size() > 1 ? words[words.size() - 2] : "";
  if (const auto* flag = before.starts_with("-") && before.find('=') == std::string::npos
                             ? find(flag_name(before))
                             : nullptr;
      flag && !flag->is_boolean)
    return values_of(command, *flag, words, environment);
  if (const size_t equals = last.find('='); last.starts_with("-") && equals != std::string::npos) {
    const auto* flag = find(flag_name(last));
    auto candidates =
        flag && !flag->is_boolean ? values_of(command, *flag, words, environment) : Candidates();
    for (auto& candidate : candidates) candidate.text.insert(0, last.substr(0, equals + 1));
    return candidates;
  }
  Candidates candidates;
  const std::string dashes = last.starts_with("--") ? "--" : "-";
  for (const auto& flag : flags) {
    const bool is_there = std::any_of(words.begin(), words.end() - 1, [&](const std::string& word) {
      return word.starts_with("-") && flag_name(word) == flag.name;
    });
    if (!is_there) candidates.push_back({dashes + flag.name, flag.help});
  }
  return candidates;
}

// Bash takes `-o=json` for three words.
std::vector<std::string> without_equals(std::vector<std::string> words) {
  if (!words.empty() && words.back() == "=") words.emplace_back();
  for (size_t i = 1; i + 1 < words.size();)
    if (words[i] == "=" && words[i - 1].starts_with("-"))
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
    else
      ++i;
  return words;
}

Candidates all_after(const std::vector<std::string>& words, Environment& environment) {
  if (words.size() <= 1) return commands_after("");
  const bool is_help = words[0] == "help";
  const std::vector<std::string> typed(words.begin() + (is_help ? 1 : 0), words.end());
  if (typed.size() <= 1) return commands_after("");
  const bool has_resources = !resources_of(typed[0]).empty();
  if (has_resources && typed.size() == 2 && !typed[1].starts_with("-")) return commands_after(typed[0]);
  const auto* command = find_command(typed[0], has_resources && !typed[1].starts_with("-") ? typed[1] : "");
  return command && !is_help ? within_command(*command, typed, environment) : Candidates();
}

}  // namespace

std::vector<Candidate> complete(const std::vector<std::string>& typed, Environment& environment) {
  const auto words = without_equals(typed);
  auto candidates = all_after(words, environment);
  const std::string begin = words.empty() ? "" : words.back();
  std::erase_if(candidates, [&](const Candidate& candidate) { return !candidate.text.starts_with(begin); });
  return candidates;
}

}  // namespace muster::cli
