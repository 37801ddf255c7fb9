#include "filter/text.h"

#include <algorithm>

#include "base/time/rfc3339.h"
#include "filter/lexer.h"

namespace muster::assign {
namespace {

using Kind = FilterExpression::Kind;

// A bare * or ? is taken for a pattern that was meant, a bare keyword for the keyword.
bool may_be_bare(std::string_view text) {
  return !text.empty() && !is_keyword(text) && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':';
  });
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string comparison(const FilterExpression& x) {
  const std::string field(word(x.field));
  if (type_of(x.field) == FilterType::flag && x.op == FilterOperator::equal && std::get<bool>(x.values[0]))
    return field;
  return field + " " + std::string(word(x.op)) + " " + to_text(x.values[0]);
}

std::string values_of(const FilterExpression& x) {
  std::string text;
  for (const auto& value : x.values) text += (text.empty() ? "" : ", ") + to_text(value);
  return "(" + text + ")";
}

// `not` binds closer than `and`, and `and` closer than `or`; one within its own kind was in parentheses.
std::string part_of(Kind outer, const FilterExpression& part) {
  const bool joins = part.kind == Kind::all_of || part.kind == Kind::any_of;
  const bool binds_closer = outer == Kind::any_of && part.kind == Kind::all_of;
  return joins && !binds_closer ? "(" + to_text(part) + ")" : to_text(part);
}

std::string negation(const FilterExpression& x) {
  const FilterExpression& part = x.parts[0];
  const std::string field(word(part.field));
  if (part.kind == Kind::one_of) return field + " not in " + values_of(part);
  if (part.kind == Kind::in_list) return field + " not in @" + part.list;
  return "not " + part_of(Kind::negation, part);
}

std::string joined(const FilterExpression& x, const char* keyword) {
  std::string text;
  for (const auto& part : x.parts) text += (text.empty() ? "" : keyword) + part_of(x.kind, part);
  return text;
}

}  // namespace

std::string to_text(const FilterValue& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const Time* time = std::get_if<Time>(&value)) {
    const bool whole_second = *time == std::chrono::floor<std::chrono::seconds>(*time);
    return whole_second ? format_rfc3339(*time) : format_rfc3339_millis(*time);
  }
  const auto& text = std::get<std::string>(value);
  return may_be_bare(text) ? text : quoted(text);
}

std::string to_text(const FilterExpression& x) {
  switch (x.kind) {
    case Kind::every: return "*";
    case Kind::compare: return comparison(x);
    case Kind::one_of: return std::string(word(x.field)) + " in " + values_of(x);
    case Kind::in_list: return std::string(word(x.field)) + " in @" + x.list;
    case Kind::negation: return negation(x);
    case Kind::all_of: return joined(x, " and ");
    case Kind::any_of: return joined(x, " or ");
  }
  return {};
}

}  // namespace muster::assign
