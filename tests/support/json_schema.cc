#include "tests/support/json_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "base/time/rfc3339.h"

namespace muster::test {
namespace {

using boost::json::object;
using Json = boost::json::value;

constexpr std::array<std::string_view, 12> kKnown = {
    "type",    "properties", "required", "additionalProperties", "items", "enum", "oneOf", "format",
    "minimum", "maximum",    "default",  "description"};
constexpr std::string_view kReference = "$ref";

bool is_of_type(const Json& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "null") return value.is_null();
  return false;
}

bool is_type(const Json& name) {
  constexpr std::array<std::string_view, 7> kTypes = {"object",  "array",  "string", "boolean",
                                                      "integer", "number", "null"};
  return name.is_string() && std::find(kTypes.begin(), kTypes.end(), name.get_string()) != kTypes.end();
}

boost::json::array types_of(const Json& type) {
  return type.is_array() ? type.get_array() : boost::json::array{type};
}

// Of a name in a reference: `~1` is a slash, `~0` a tilde.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '~' && i + 1 < text.size();
    plain += !is_escape ? text[i] : text[++i] == '1' ? '/' : '~';
  }
  return plain;
}

class Checker {
 public:
  explicit Checker(const Json& document) : document_(document) {}

  void check(const Json& schema, const Json& value, const std::string& place) {
    if (depth_ == kDeepest) return add(place, "the schema refers to itself without end");
    ++depth_;
    if (const auto* keywords = schema.if_object())
      check_keywords(*keywords, value, place);
    else
      add(place, "the schema is no object");
    --depth_;
  }
  std::vector<std::string> take() && { return std::move(faults_); }

 private:
  static constexpr int kDeepest = 64;

  void add(const std::string& place, const std::string& fault) {
    faults_.push_back(fmt::format("{}: {}", place.empty() ? "/" : place, fault));
  }

  void check_keywords(const object& schema, const Json& value, const std::string& place) {
    for (const auto& [keyword, argument] : schema) {
      if (keyword == kReference)
        check_reference(argument, value, place);
      else if (keyword == "type")
        check_type(argument, value, place);
      else if (keyword == "enum")
        check_enum(argument, value, place);
      else if (keyword == "oneOf")
        check_one_of(argument, value, place);
      else if (keyword == "format")
        check_format(argument, value, place);
      else if (keyword == "minimum" || keyword == "maximum")
        check_bound(keyword == "minimum", argument, value, place);
      else if (keyword == "items")
        check_items(argument, value, place);
      else if (std::find(kKnown.begin(), kKnown.end(), keyword) == kKnown.end())
        add(place, fmt::format("the schema has the unknown keyword {}", std::string_view(keyword)));
    }
    if (value.is_object()) check_members(schema, value.get_object(), place);
  }

  void check_reference(const Json& reference, const Json& value, const std::string& place) {
    const auto* schema =
        reference.is_string() ? find_reference(document_, std::string_view(reference.get_string())) : nullptr;
    if (schema)
      check(*schema, value, place);
    else
      add(place, "the schema refers to nothing: " + boost::json::serialize(reference));
  }

  void check_type(const Json& type, const Json& value, const std::string& place) {
    const auto types = types_of(type);
    const bool fits = std::any_of(types.begin(), types.end(), [&](const auto& name) {
      return is_type(name) && is_of_type(value, std::string_view(name.get_string()));
    });
    if (!fits)
      add(place,
          fmt::format("{} is not of type {}", boost::json::serialize(value), boost::json::serialize(type)));
  }

  void check_enum(const Json& allowed, const Json& value, const std::string& place) {
    const auto* values = allowed.if_array();
    if (!values || std::find(values->begin(), values->end(), value) == values->end())
      add(place,
          fmt::format("{} is none of {}", boost::json::serialize(value), boost::json::serialize(allowed)));
  }

  void check_one_of(const Json& schemas, const Json& value, const std::string& place) {
    const auto* all = schemas.if_array();
    const auto fitting = !all ? 0 : std::count_if(all->begin(), all->end(), [&](const auto& schema) {
      return schema_faults(document_, schema, value).empty();
    });
    if (fitting != 1) add(place, fmt::format("{} schemas of oneOf fit, not one", fitting));
  }

  void check_format(const Json& format, const Json& value, const std::string& place) {
    if (format != "date-time") return add(place, "the schema has an unknown format");
    if (!value.is_string()) return;
    const std::string_view text(value.get_string());
    const bool is_a_day = text.find('T') == std::string_view::npos;  // which our reader takes, too
    if (is_a_day || !parse_rfc3339(text)) add(place, boost::json::serialize(value) + " is no time");
  }

  void check_bound(bool is_least, const Json& bound, const Json& value, const std::string& place) {
    if (!bound.is_number()) return add(place, "the schema has a bound that is no number");
    if (!value.is_number()) return;
    const auto number = value.to_number<double>(), limit = bound.to_number<double>();
    if (is_least ? number < limit : number > limit)
      add(place, fmt::format("{} is {} than {}", number, is_least ? "less" : "more", limit));
  }

  void check_items(const Json& schema, const Json& value, const std::string& place) {
    const auto* items = value.if_array();
    for (size_t i = 0; items && i < items->size(); ++i)
      check(schema, items->at(i), fmt::format("{}/{}", place, i));
  }

  void check_members(const object& schema, const object& members, const std::string& place) {
    const auto* required = schema.if_contains("required");
    for (const auto& name : required ? required->as_array() : boost::json::array())
      if (!members.contains(name.as_string()))
        add(place, fmt::format("{} is missing", boost::json::serialize(name)));
    const auto* known = schema.if_contains("properties");
    const auto* others = schema.if_contains("additionalProperties");
    for (const auto& [key, member] : members) {
      const std::string inner = fmt::format("{}/{}", place, std::string_view(key));
      const auto* of_member = known ? known->as_object().if_contains(key) : nullptr;
      if (of_member)
        check(*of_member, member, inner);
      else if (others && others->is_object())
        check(*others, member, inner);
      else if (others && *others != true)
        add(inner, "is not described");
    }
  }

  const Json& document_;
  int depth_ = 0;
  std::vector<std::string> faults_;
};

void add_faults_of_schema(const Json& schema, const std::string& place, std::vector<std::string>& faults) {
  const auto add = [&](std::string_view fault) { faults.push_back(fmt::format("{}: {}", place, fault)); };
  const auto* keywords = schema.if_object();
  if (!keywords) return add("a schema is an object");
  for (const auto& [keyword, argument] : *keywords) {
    const std::string inner = fmt::format("{}/{}", place, std::string_view(keyword));
    if (keyword != kReference && std::find(kKnown.begin(), kKnown.end(), keyword) == kKnown.end())
      add(fmt::format("the keyword {} is unknown", std::string_view(keyword)));
    if (keyword == "type")
      for (const auto& name : types_of(argument))
        if (!is_type(name)) add("the type " + boost::json::serialize(name) + " is unknown");
    if (keyword == "format" && argument != "date-time") add("the format is unknown");
    if (keyword == "items" || (keyword == "additionalProperties" && !argument.is_bool()))
      add_faults_of_schema(argument, inner, faults);
    if (keyword == "oneOf")
      for (const auto& one : argument.as_array()) add_faults_of_schema(one, inner, faults);
    if (keyword == "properties")
      for (const auto& [name, of_member] : argument.as_object())
        add_faults_of_schema(of_member, fmt::format("{}/{}", inner, std::string_view(name)), faults);
  }
  const auto* required = keywords->if_contains("required");
  const auto* known = keywords->if_contains("properties");
  for (const auto& name : required ? required->as_array() : boost::json::array())
    if (!known || !known->as_object().contains(name.as_string()))
      add(boost::json::serialize(name) + " is required, and not described");
}

}  // namespace

const Json* find_reference(const Json& document, std::string_view reference) {
  if (!reference.starts_with("#/")) return nullptr;
  const Json* at = &document;
  for (size_t begin = 2; at && begin <= reference.size();) {
    const size_t end = std::min(reference.find('/', begin), reference.size());
    const std::string name = unescaped(reference.substr(begin, end - begin));
    begin = end + 1;
    if (const auto* members = at->if_object()) {
      at = members->if_contains(name);
    } else if (const auto* items = at->if_array()) {
      size_t index = 0;
      const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), index);
      const bool is_index = error == std::errc() && rest == name.data() + name.size();
      at = is_index && index < items->size() ? &items->at(index) : nullptr;
    } else {
      at = nullptr;
    }
  }
  return at;
}

std::vector<std::string> schema_faults(const Json& document, const Json& schema, const Json& value) {
  Checker checker(document);
  checker.check(schema, value, "");
  return std::move(checker).take();
}

std::vector<std::string> faults_of_schema(const Json& schema) {
  std::vector<std::string> faults;
  add_faults_of_schema(schema, "", faults);
  return faults;
}

}  // namespace muster::test
