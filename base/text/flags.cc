#include "base/text/flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/text/did_you_mean.h"
#include "base/text/strings.h"

namespace muster {
namespace {

struct Unit {
  const char* name;
  long long millis;
};
constexpr long long kLongestMillis = 86'400'000LL * 36'500;  // a century: no sum of terms can overflow
// Longest first, for format_duration.
constexpr Unit kUnits[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};

Result<bool> parse_boolean(const std::string& text) {
  if (text == "true" || text == "1" || text == "t" || text == "T" || text == "TRUE" || text == "True")
    return true;
  if (text == "false" || text == "0" || text == "f" || text == "F" || text == "FALSE" || text == "False")
    return false;
  return failure(Code::invalid, fmt::format("\"{}\" is neither true nor false", text));
}

}  // namespace

Result<Millis> parse_duration(const std::string& text) {
  const auto bad = [&] {
    return failure(
        Code::invalid,
        fmt::format("\"{}\" is not a duration; write a number with d, h, m, s or ms, e.g. 2m", text));
  };
  long long total = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  if (at == end) return bad();
  while (at != end) {
    long long number = 0;
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc() || number < 0 || number > 1'000'000'000) return bad();
    const char* unit_end = after;
    while (unit_end != end && (*unit_end < '0' || *unit_end > '9')) ++unit_end;
    const std::string unit(after, unit_end);
    long long factor = 0;
    for (const auto& known : kUnits)
      if (unit == known.name) factor = known.millis;
    if (factor == 0) return bad();
    total += number * factor;
    if (total > kLongestMillis) return bad();
    at = unit_end;
  }
  return Millis(total);
}

std::string format_duration(Millis duration) {
  long long left = duration.count();
  if (left == 0) return "0s";
  std::string text;
  for (const auto& unit : kUnits) {
    if (left >= unit.millis) text += fmt::format("{}{}", left / unit.millis, unit.name);
    left %= unit.millis;
  }
  return text;
}

FlagSet::FlagSet(std::string command, std::string summary)
    : command_(std::move(command)), summary_(std::move(summary)) {}

FlagSet::Flag& FlagSet::add_flag(Flag flag) {
  flags_.push_back(std::make_unique<Flag>(std::move(flag)));
  return *flags_.back();
}

FlagSet::Flag& FlagSet::add(std::string name, std::string* target, std::string help, std::string value_name) {
  return add_flag({.name = std::move(name),
                   .help = std::move(help),
                   .value_name = std::move(value_name),
                   .default_value = *target,
                   .environment = {},
                   .store = [target](const std::string& text) -> Result<> {
                     *target = text;
                     return {};
                   }});
}

FlagSet::Flag& FlagSet::add(std::string name, bool* target, std::string help) {
  return add_flag({.name = std::move(name),
                   .help = std::move(help),
                   .value_name = {},
                   .default_value = *target ? "true" : "",
                   .is_boolean = true,
                   .environment = {},
                   .store = [target](const std::string& text) -> Result<> {
                     MUSTER_TRY(*target, parse_boolean(text));
                     return {};
                   }});
}

FlagSet::Flag& FlagSet::add(std::string name, long long* target, std::string help, std::string value_name) {
  return add_flag({.name = std::move(name),
                   .help = std::move(help),
                   .value_name = std::move(value_name),
                   .default_value = std::to_string(*target),
                   .environment = {},
                   .store = [target](const std::string& text) -> Result<> {
                     const auto [end, error] =
                         std::from_chars(text.data(), text.data() + text.size(), *target);
                     if (error != std::errc() || end != text.data() + text.size() || text.empty())
                       return failure(Code::invalid, fmt::format("\"{}\" is not a whole number", text));
                     return {};
                   }});
}

FlagSet::Flag& FlagSet::add(std::string name, Millis* target, std::string help) {
  return add_flag({.name = std::move(name),
                   .help = std::move(help),
                   .value_name = "duration",
                   .default_value = format_duration(*target),
                   .environment = {},
                   .store = [target](const std::string& text) -> Result<> {
                     MUSTER_TRY(*target, parse_duration(text));
                     return {};
                   }});
}

FlagSet::Flag* FlagSet::find(const std::string& name) {
  for (const auto& flag : flags_)
    if (flag->name == name || (!flag->alias.empty() && flag->alias == name)) return flag.get();
  return nullptr;
}

bool FlagSet::given(const std::string& name) const {
  for (const auto& flag : flags_)
    if (flag->name == name) return flag->given;
  return false;
}

std::string FlagSet::unknown_flag(const std::string& name) const {
  std::vector<std::string> names;
  for (const auto& flag : flags_) names.push_back(flag->name);
  constexpr size_t kShortest = 3;  // anything is near to a word of one letter
  std::string guess = name.size() < kShortest ? "" : did_you_mean(to_lower(name), names);
  // `-serial` for `-serials`, `-file` for `-f`: one is the beginning of the other.
  for (const auto& known : names)
    if (guess.empty() && name.size() >= kShortest &&
        (known.starts_with(name) || (name.starts_with(known) && known.size() > 2)))
      guess = known;
  return fmt::format("flag provided but not defined: -{}{}", name,
                     guess.empty() ? "" : fmt::format(" (did you mean -{}?)", guess));
}

Result<> FlagSet::take(Flag& flag, const std::string& value) const {
  const bool is_repeated = flag.given && is_strict_;
  if (is_strict_ && value.empty() && !flag.is_boolean && !flag.may_be_empty)
    return failure(Code::invalid, fmt::format("-{}: the value is empty", flag.name));
  if (is_repeated && !flag.adds_up && flag.value != value)
    return failure(Code::invalid,
                   fmt::format("-{} is given twice, with \"{}\" and \"{}\"", flag.name, flag.value, value));
  const auto& choices = flag.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end())
    return failure(Code::invalid,
                   fmt::format("-{}: \"{}\" is not one of {}", flag.name, value, fmt::join(choices, ", ")));
  flag.value = flag.adds_up && !flag.value.empty() ? flag.value + "," + value : value;
  if (auto kept = flag.store(flag.value); !kept)
    return failure(Code::invalid, fmt::format("-{}: {}", flag.name, kept.error().message));
  return {};
}

Result<std::vector<std::string>> FlagSet::parse(const std::vector<std::string>& args) {
  std::vector<std::string> rest;
  std::string errors;
  const auto complain = [&](const std::string& text) { errors += (errors.empty() ? "" : "\n") + text; };

  for (const auto& flag : flags_) {
    for (const auto& variable : flag->environment) {
      const char* value = std::getenv(variable.c_str());
      if (!value || !*value) continue;
      if (auto kept = flag->store(value); !kept) complain(variable + ": " + kept.error().message);
      flag->given = true;
      break;
    }
  }
  for (size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg == "--") {
      rest.insert(rest.end(), args.begin() + static_cast<long>(i) + 1, args.end());
      break;
    }
    if (arg.size() < 2 || arg[0] != '-') {
      rest.push_back(arg);
      continue;
    }
    std::string name = arg.substr(arg[1] == '-' ? 2 : 1);
    const size_t equals = name.find('=');
    const bool has_value = equals != std::string::npos;
    std::string value = has_value ? name.substr(equals + 1) : "";
    name = name.substr(0, equals);
    if (name == "h" || name == "help") return failure(Code::cancelled, usage());
    Flag* flag = find(name);
    if (!flag) {
      complain(unknown_flag(name));
      continue;
    }
    if (!has_value) {
      if (flag->is_boolean) {
        const std::string next = i + 1 < args.size() ? to_lower(args[i + 1]) : "";
        const bool has_word = next == "true" || next == "false";
        value = has_word ? args[++i] : "true";
      } else if (i + 1 < args.size()) {
        value = args[++i];
      } else {
        complain(fmt::format("flag needs an argument: -{}", name));
        continue;
      }
    }
    if (auto taken = take(*flag, value); !taken) complain(taken.error().message);
    flag->given = true;
  }
  if (!errors.empty())
    return failure(Code::invalid, errors, fmt::format("Run `{} -help` for the flags", command_));
  return rest;
}

std::string FlagSet::usage() const {
  std::string text =
      fmt::format("{}\n\nUSAGE\n  {}{}\n", summary_, command_, flags_.empty() ? "" : " [flags]");
  if (!flags_.empty()) text += "\nFLAGS\n";
  for (const auto& flag : flags_) {
    text += fmt::format("  -{}{}{}\n      {}", flag->name, flag->value_name.empty() ? "" : " ",
                        flag->value_name, flag->help);
    if (!flag->alias.empty()) text += fmt::format("; also -{}", flag->alias);
    if (!flag->default_value.empty()) text += fmt::format(" (default {})", flag->default_value);
    if (!flag->environment.empty())
      text += fmt::format("\n      environment: {}", fmt::join(flag->environment, ", "));
    text += '\n';
  }
  return text;
}

}  // namespace muster
