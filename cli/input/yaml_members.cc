#include "cli/input/yaml_members.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text/did_you_mean.h"

namespace muster::cli {
namespace {

using Kind = YamlNode::Kind;

std::string shown(const std::string& text) {
  constexpr size_t kLongest = 60;
  return text.size() <= kLongest ? text : text.substr(0, kLongest) + "...";
}

std::string what_to_use(const std::string& key, const std::vector<std::string>& known) {
  const auto guess = did_you_mean(key, known);
  return guess.empty() ? fmt::format("Known are {}", fmt::join(known, ", "))
                       : fmt::format("Did you mean {}?", guess);
}

}  // namespace

YamlMembers::YamlMembers(const YamlNode& node, const char* what, const std::vector<std::string>& known,
                         ConfigFindings& findings)
    : node_(node), findings_(findings) {
  if (node.kind != Kind::map)
    findings.add(node.place,
                 fmt::format("{} is written as keys and values, and this is {}", what, kind_of(node)));
  std::set<std::string> seen;
  for (const auto& [key, value] : node.members) {
    if (key.kind != Kind::scalar)
      findings.add(key.place, fmt::format("a key is a text, and this is {}", kind_of(key)));
    else if (std::find(known.begin(), known.end(), key.text) == known.end())
      findings.add(key.place, fmt::format("{} has no \"{}\"", what, shown(key.text)),
                   what_to_use(key.text, known));
    else if (!seen.insert(key.text).second)
      findings.add(key.place, fmt::format("\"{}\" is a duplicate key", key.text));
  }
}

const YamlMember* YamlMembers::raw(const std::string& key) const {
  for (const auto& member : node_.members)
    if (member.key.kind == Kind::scalar && member.key.text == key) return &member;
  return nullptr;
}

const YamlNode* YamlMembers::find(const std::string& key) {
  const auto* member = raw(key);
  if (!member) return nullptr;
  if (member->value.kind != Kind::nothing) return &member->value;
  findings_.add(member->key.place, fmt::format("\"{}\" has no value", key));
  return nullptr;
}

TextPlace YamlMembers::place(const std::string& key) const {
  const auto* member = raw(key);
  return member ? member->value.place : node_.place;
}

std::optional<std::string> YamlMembers::text(const std::string& key, bool may_be_empty) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  if (value->kind != Kind::scalar)
    findings_.add(value->place, fmt::format("\"{}\" is a text, and this is {}", key, kind_of(*value)));
  else if (value->text.empty() && !may_be_empty)
    findings_.add(value->place, fmt::format("\"{}\" is empty", key));
  else
    return value->text;
  return std::nullopt;
}

std::optional<bool> YamlMembers::flag(const std::string& key) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  const bool is_plain = value->kind == Kind::scalar && !value->quoted;
  if (is_plain && (value->text == "true" || value->text == "false")) return value->text == "true";
  findings_.add(value->place, fmt::format("\"{}\" is true or false, without quotes", key));
  return std::nullopt;
}

std::optional<long long> YamlMembers::number(const std::string& key) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  const auto& text = value->text;
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number =
      value->kind == Kind::scalar && error == std::errc() && end == text.data() + text.size();
  if (is_number && !value->quoted) return number;
  findings_.add(value->place, fmt::format("\"{}\" is a whole number, without quotes", key));
  return std::nullopt;
}

const std::vector<YamlNode>* YamlMembers::list(const std::string& key) {
  const auto* member = raw(key);
  if (!member) return nullptr;
  if (member->value.kind == Kind::list) return &member->value.items;
  if (member->value.kind == Kind::nothing)
    findings_.add(member->key.place, fmt::format("\"{}\" has no value", key),
                  fmt::format("For none, write {}: []; to leave them as they are, take the line out", key));
  else
    findings_.add(member->value.place,
                  fmt::format("\"{}\" is a list, and this is {}", key, kind_of(member->value)),
                  "Each entry begins with -");
  return nullptr;
}

}  // namespace muster::cli
