#include "cli/input/yaml_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cctype>
#include <charconv>

#include "base/text/strings.h"

namespace muster::cli {
namespace {

using Kind = YamlNode::Kind;

// A number by JSON's grammar; a serial number like 0012 or a version like 1.2.3 is text.
std::optional<boost::json::value> number_of(const std::string& text) {
  const bool may_be = !text.empty() && (text[0] == '-' || std::isdigit(static_cast<unsigned char>(text[0])));
  if (!may_be) return std::nullopt;
  boost::json::error_code error;
  auto value = boost::json::parse(text, error);
  if (error || !value.is_number()) return std::nullopt;
  if (!value.is_double()) return value;
  double exact = 0;  // Boost's own may be off by the last digit, so that a number would not stay what it is
  if (std::from_chars(text.data(), text.data() + text.size(), exact).ec != std::errc()) return std::nullopt;
  return exact;
}

boost::json::value scalar_of(const YamlNode& node) {
  if (node.quoted) return boost::json::value(node.text);
  if (node.text == "true" || node.text == "false") return node.text == "true";
  if (auto number = number_of(node.text)) return *std::move(number);
  return boost::json::value(node.text);
}

bool is_plain_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view(" _./@+-=<>!~*?(),%:\"'").find(c) != std::string_view::npos;
}

// Whether every reader of YAML takes it as this very text without quotes, behind a key and as an entry of a
// list.
bool is_plain(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kWords = {"null", "true", "false", "yes", "no",
                                                              "on",   "off",  "y",     "n",   "nan"};
  if (text.empty() || !std::isalpha(static_cast<unsigned char>(text.front())) || text.back() == ' ' ||
      text.back() == ':')
    return false;
  if (text.find(": ") != std::string_view::npos || !std::all_of(text.begin(), text.end(), is_plain_character))
    return false;
  return std::find(kWords.begin(), kWords.end(), to_lower(text)) == kWords.end();
}

std::string indent(int depth) { return std::string(static_cast<size_t>(depth) * 2, ' '); }

void write(std::string& out, const boost::json::value& value, int depth);

// The members, one a line; the first one goes on the line that is begun.
void write_members(std::string& out, const boost::json::object& object, int depth) {
  bool first = true;
  for (const auto& member : object) {
    if (!std::exchange(first, false)) out += indent(depth);
    constexpr size_t kLongestSimple = 100;  // bytes; YAML has a limit for keys that are written without ?
    const auto key = yaml_scalar(member.key());
    if (key.size() <= kLongestSimple)
      out += key + ":";
    else
      out += "? " + key + "\n" + indent(depth) + ":";
    write(out, member.value(), depth + 1);
  }
}

// What stands behind `key:` or `-`, to the end of its last line.
void write(std::string& out, const boost::json::value& value, int depth) {
  if (const auto* object = value.if_object(); object && !object->empty()) {
    out += "\n" + indent(depth);
    write_members(out, *object, depth);
  } else if (const auto* array = value.if_array(); array && !array->empty()) {
    out += "\n";
    for (const auto& item : *array) {
      out += indent(depth) + "-";
      if (const auto* inner = item.if_object(); inner && !inner->empty()) {
        out += " ";
        write_members(out, *inner, depth + 1);
      } else {
        write(out, item, depth + 1);
      }
    }
  } else if (const auto* text = value.if_string()) {
    out += " " + yaml_scalar(*text) + "\n";
  } else {
    out += " " + boost::json::serialize(value) + "\n";
  }
}

}  // namespace

boost::json::value to_json(const YamlNode& node, ConfigFindings& findings) {
  switch (node.kind) {
    case Kind::nothing: return nullptr;
    case Kind::scalar: return scalar_of(node);
    case Kind::list: {
      boost::json::array array;
      for (const auto& item : node.items) array.push_back(to_json(item, findings));
      return array;
    }
    case Kind::map: break;
  }
  boost::json::object object;
  for (const auto& [key, value] : node.members) {
    if (key.kind != Kind::scalar)
      findings.add(key.place, fmt::format("a key is a text, and this is {}", kind_of(key)));
    else if (!object.emplace(key.text, to_json(value, findings)).second)
      findings.add(key.place, fmt::format("\"{}\" is a duplicate key", key.text));
  }
  return object;
}

std::string yaml_scalar(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  return boost::json::serialize(boost::json::string(text));
}

std::string to_yaml(const boost::json::value& value) {
  std::string out;
  if (const auto* object = value.if_object(); object && !object->empty()) {
    write_members(out, *object, 0);
    return out;
  }
  write(out, value, 0);
  return out.substr(out.find_first_not_of(" \n"));
}

}  // namespace muster::cli
