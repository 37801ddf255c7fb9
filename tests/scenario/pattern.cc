#include "tests/scenario/pattern.h"

#include <fmt/format.h>

#include <limits>

#include "base/text/strings.h"
#include "tests/scenario/failed.h"

namespace muster::test {
namespace {

// What stands in a pattern, and how it looks in a line. README.md explains them.
const std::map<std::string, std::string>& values() {
  static const std::string kUnit = "(?:milliseconds?|seconds?|minutes?|hours?|days?)";
  static const std::string kSerials = "[A-Z0-9]+(?:\\.\\.[A-Z0-9]+)?";
  static const std::map<std::string, std::string> kValues = {
      {"SERIALS", kSerials + "(?:(?:, | and )" + kSerials + ")*"},
      {"N", "\\d+"},
      {"NUMBERS", "\\d+(?:(?:, | and )\\d+)*"},
      {"AMOUNT", "no|\\d+|at most \\d+|at least \\d+"},
      {"DURATION", "\\d+ " + kUnit + "(?: and \\d+ " + kUnit + ")*"},
      {"TIMES", "once|\\d+ times|from now on"},
      {"CALL", "session|account|fetch|sync|details|define|profile|assign|remove|every call"},
      {"ACCOUNT", "[a-z][a-z0-9-]*"},
      {"NAME", "[A-Za-z][A-Za-z0-9_-]*"},
      {"STATE", "[a-z_]+"},
      {"STATUS", "[1-5]\\d\\d"},
      {"WORD", "[A-Za-z_]+"},
      {"TEXT", "'[^']*'"},
      {"FILTER", "'[^']*'"},
      {"JSON", "\\{.*\\}"},
      {"COMMAND", ".+"},
      {"FLAGS", "-.+"},
      {"VALUE", "\\S+"},
  };
  return kValues;
}

bool is_value_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_value_letter(c) || (c >= 'a' && c <= 'z'); }

std::string quoted(char c) {
  static const std::string kSpecial = "^$\\.*+?()[]{}|";
  return kSpecial.find(c) == std::string::npos ? std::string(1, c) : std::string("\\") + c;
}

// `0042` and 7 more: `0049`.
std::string counted_up(const std::string& digits, long long by) {
  return fmt::format("{:0{}}", std::stoll(digits) + by, digits.size());
}

void append_range(std::vector<std::string>& serials, const std::string& first, const std::string& last) {
  const size_t digits = first.find_last_not_of("0123456789") + 1;
  const std::string stem = first.substr(0, digits);
  if (digits == first.size() || last.size() != first.size() || !last.starts_with(stem) ||
      last.find_first_not_of("0123456789", digits) != std::string::npos || last < first)
    throw Failed("\"" + first + ".." + last + "\" is no range: write it like C001..C020");
  const long long count = std::stoll(last.substr(digits)) - std::stoll(first.substr(digits));
  for (long long i = 0; i <= count; ++i) serials.push_back(stem + counted_up(first.substr(digits), i));
}

}  // namespace

std::vector<std::string> serials_in(const std::string& text) {
  static const std::regex kBetween(", | and ");
  std::vector<std::string> serials;
  for (std::sregex_token_iterator at(text.begin(), text.end(), kBetween, -1), end; at != end; ++at) {
    const std::string item = *at;
    const size_t dots = item.find("..");
    if (dots == std::string::npos)
      serials.push_back(item);
    else
      append_range(serials, item.substr(0, dots), item.substr(dots + 2));
  }
  return serials;
}

std::string Words::text(const std::string& name, const std::string& otherwise) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return otherwise;
  const std::string& value = found->second;
  return value.size() >= 2 && value.front() == '\'' ? value.substr(1, value.size() - 2) : value;
}

long long Words::number(const std::string& name, long long otherwise) const {
  return has(name) ? std::stoll(text(name)) : otherwise;
}

std::chrono::milliseconds Words::duration(const std::string& name) const {
  static const std::map<char, long long> kMillis = {{'s', 1000}, {'h', 3'600'000}, {'d', 86'400'000}};
  static const std::regex kPart("(\\d+) (\\w+)");
  const std::string value = text(name);
  long long ms = 0;
  for (std::sregex_iterator at(value.begin(), value.end(), kPart), end; at != end; ++at) {
    const std::string unit = (*at)[2];
    const long long unit_ms = unit.starts_with("milli") ? 1 : unit[0] == 'm' ? 60'000 : kMillis.at(unit[0]);
    ms += std::stoll((*at)[1]) * unit_ms;
  }
  return std::chrono::milliseconds(ms);
}

std::vector<std::string> Words::serials(const std::string& name) const { return serials_in(text(name)); }

Amount Words::amount(const std::string& name) const {
  constexpr long long kAny = std::numeric_limits<long long>::max();
  const std::string value = text(name);
  if (value == "no") return {0, 0, value};
  const long long number = std::stoll(value.substr(value.find_last_of(' ') + 1));
  if (value.starts_with("at most")) return {0, number, value};
  if (value.starts_with("at least")) return {number, kAny, value};
  return {number, number, value};
}

Pattern::Pattern(const std::string& text) {
  std::string regex;
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '[') {
      regex += "(?:";
      ++i;
    } else if (text[i] == ']') {
      regex += ")?";
      ++i;
    } else if (!is_letter(text[i])) {
      regex += quoted(text[i++]);
    } else {
      size_t end = i;
      while (end < text.size() && (is_letter(text[end]) || text[end] == '/')) ++end;
      std::string word = text.substr(i, end - i);
      if (const auto value = values().find(word); value != values().end()) {
        names_.push_back(word);
        word = "(" + value->second + ")";
      } else if (word.find('/') != std::string::npos) {
        std::string either;
        for (const auto& one : split_list(word, '/')) either += (either.empty() ? "" : "|") + one;
        word = "(?:" + either + ")";
      }
      regex += word;
      i = end;
    }
  }
  regex_ = std::regex(regex);
}

std::optional<Words> Pattern::match(const std::string& line) const {
  std::smatch found;
  if (!std::regex_match(line, found, regex_)) return std::nullopt;
  std::map<std::string, std::string> values;
  for (size_t i = 0; i < names_.size(); ++i)
    if (found[i + 1].matched) values[names_[i]] = found[i + 1];
  return Words(std::move(values));
}

}  // namespace muster::test
