#include "filter/value.h"

#include <fmt/format.h>

#include "base/text/strings.h"
#include "base/time/rfc3339.h"
#include "filter/error.h"
#include "filter/words.h"
#include "model/text/ids_text.h"

namespace muster::assign {
namespace {

Result<FilterValue> read_flag(FilterField field, const std::string& text) {
  for (const char* yes : {"true", "yes"})
    if (equals_ignoring_case(text, yes)) return true;
  for (const char* no : {"false", "no"})
    if (equals_ignoring_case(text, no)) return false;
  return failure(Code::invalid, fmt::format("{} is true or false, not {}", shown(word(field)), shown(text)),
                 fmt::format("Write `{0}` or `not {0}`", word(field)));
}

Result<FilterValue> read_time(const std::string& text) {
  if (const auto time = parse_rfc3339(text)) return *time;
  return failure(
      Code::invalid, shown(text) + " is not a time",
      "Write a day like 2026-01-31, which is its midnight UTC, or a time like 2026-01-31T12:00:00Z");
}

// A pattern behind = would silently cover nothing.
bool looks_like_a_pattern(FilterOperator op, const ValueText& given) {
  return op != FilterOperator::like && op != FilterOperator::unlike && !given.quoted &&
         given.text.find_first_of("*?") != std::string::npos;
}

// A serial number or UUID in another form than the stored one, as it is pasted from elsewhere, in the stored
// form. Case does not matter to filters, and is kept.
std::string as_stored(FilterField field, const std::string& text) {
  std::string stored;
  if (field == FilterField::serial) stored = read_serial(text).value_or(Serial()).str();
  if (field == FilterField::profile) stored = read_profile_uuid(text).value_or(ProfileUuid()).str();
  return stored.empty() || equals_ignoring_case(stored, text) ? text : stored;
}

}  // namespace

Result<FilterValue> read_value(FilterField field, FilterOperator op, const ValueText& given) {
  if (type_of(field) == FilterType::flag) return read_flag(field, given.text);
  if (type_of(field) == FilterType::time) return read_time(given.text);
  if (looks_like_a_pattern(op, given))
    return failure(Code::invalid,
                   fmt::format("{} looks like a pattern, and only ~ takes one", shown(given.text)),
                   fmt::format("Write `{} {} {}`, or put the value in quotes if it has this very character",
                               word(field), op == FilterOperator::unequal ? "!~" : "~", given.text));
  const bool names_a_value = op == FilterOperator::equal || op == FilterOperator::unequal;
  if (!names_a_value) return given.text;
  if (field == FilterField::status && given.text.empty()) return std::string("empty");
  if (const auto slip = slip_in_value(field, given.text))
    return failure(Code::invalid, slip->what, slip->hint);
  return as_stored(field, given.text);
}

Result<> check_operator(FilterField field, FilterOperator op) {
  const bool equality = op == FilterOperator::equal || op == FilterOperator::unequal;
  const bool pattern = op == FilterOperator::like || op == FilterOperator::unlike;
  if (type_of(field) == FilterType::flag && !equality)
    return failure(Code::invalid,
                   fmt::format("{} is true or false, and takes no `{}`", shown(word(field)), word(op)),
                   fmt::format("Write `{0}` or `not {0}`", word(field)));
  if (type_of(field) == FilterType::time && pattern)
    return failure(Code::invalid,
                   fmt::format("{} is a time, and `{}` is for text", shown(word(field)), word(op)),
                   "Compare it with = != < <= > >=");
  return {};
}

}  // namespace muster::assign
