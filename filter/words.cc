#include "filter/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text/did_you_mean.h"
#include "base/text/strings.h"
#include "filter/error.h"
#include "filter/text.h"

namespace muster::assign {
namespace {

using Field = FilterField;
using Words = std::vector<std::string>;

constexpr const char* kOperators = "The operators are = != ~ !~ < <= > >= and in";

struct Alias {
  std::string_view from;
  std::string_view to;
};

template <size_t N>
std::string_view alias_of(const std::array<Alias, N>& table, std::string_view word) {
  for (const auto& alias : table)
    if (equals_ignoring_case(alias.from, word)) return alias.to;
  return {};
}

// Apple's keys, and other names for the same.
constexpr std::array kFieldAliases = {
    Alias{"serial_number", "serial"},
    Alias{"serialnumber", "serial"},
    Alias{"device_family", "family"},
    Alias{"devicefamily", "family"},
    Alias{"type", "family"},
    Alias{"platform", "os"},
    Alias{"colour", "color"},
    Alias{"tag", "asset_tag"},
    Alias{"profile_status", "status"},
    Alias{"profilestatus", "status"},
    Alias{"profile_uuid", "profile"},
    Alias{"profileuuid", "profile"},
    Alias{"uuid", "profile"},
    Alias{"device_assigned_by", "assigned_by"},
    Alias{"device_assigned_date", "assigned_at"},
    Alias{"assigned_date", "assigned_at"},
    Alias{"mdm_migration_deadline", "migrating"},
    Alias{"is_replacement_device", "replacement"},
    Alias{"name", "note.name"},
    Alias{"owner", "note.owner"},
    Alias{"user", "note.owner"},
    Alias{"group", "note.group"},
    Alias{"list", "serial in @NAME"},
};

constexpr std::array kSignAliases = {
    Alias{"==", "="},  Alias{"===", "="}, Alias{"!==", "!="}, Alias{"<>", "!="},
    Alias{"=~", "~"},  Alias{"~=", "~"},  Alias{"~~", "~"},   Alias{"!~~", "!~"},
    Alias{"=!", "!="}, Alias{"=<", "<="}, Alias{"=>", ">="},  Alias{"&&", "and"},
    Alias{"&", "and"}, Alias{"||", "or"}, Alias{"|", "or"},   Alias{"!", "not"},
};

constexpr std::array kOperatorAliases = {
    Alias{"is", "="},       Alias{"equals", "="}, Alias{"eq", "="},     Alias{"are", "="},
    Alias{"isnot", "!="},   Alias{"ne", "!="},    Alias{"like", "~"},   Alias{"matches", "~"},
    Alias{"contains", "~"}, Alias{"glob", "~"},   Alias{"has", "~"},    Alias{"startswith", "~"},
    Alias{"endswith", "~"}, Alias{"regexp", "~"}, Alias{"lt", "<"},     Alias{"le", "<="},
    Alias{"gt", ">"},       Alias{"ge", ">="},    Alias{"before", "<"}, Alias{"after", ">"},
    Alias{"since", ">="},   Alias{"until", "<="},
};

// What people write for Apple's words.
constexpr std::array kFamilyAliases = {Alias{"Vision Pro", "Vision"}, Alias{"visionPro", "Vision"},
                                       Alias{"MacBook", "Mac"}, Alias{"TV", "AppleTV"}};
constexpr std::array kOsAliases = {Alias{"macOS", "OSX"}, Alias{"OS X", "OSX"}, Alias{"Mac OS", "OSX"},
                                   Alias{"Mac OS X", "OSX"}};
constexpr std::array kStatusAliases = {Alias{"unassigned", "empty"}, Alias{"none", "empty"},
                                       Alias{"new", "empty"}};

const Words& known_values(Field field) {
  static const Words kFamilies = {"iPad", "iPhone", "iPod", "Mac", "AppleTV", "Vision"};
  static const Words kSystems = {"iOS", "iPadOS", "OSX", "tvOS", "visionOS"};
  static const Words kStates = {"empty", "assigned", "pushed", "removed"};
  static const Words kAny;
  switch (field) {
    case Field::family: return kFamilies;
    case Field::os: return kSystems;
    case Field::status: return kStates;
    default: return kAny;
  }
}

bool is_one_of(const Words& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& known) { return equals_ignoring_case(known, word); });
}

std::optional<Field> field_of_known_value(std::string_view word) {
  for (const auto field : {Field::family, Field::os, Field::status})
    if (is_one_of(known_values(field), word)) return field;
  return std::nullopt;
}

std::string_view alias_of_value(Field field, std::string_view value) {
  switch (field) {
    case Field::family: return alias_of(kFamilyAliases, value);
    case Field::os: return alias_of(kOsAliases, value);
    case Field::status: return alias_of(kStatusAliases, value);
    default: return {};
  }
}

// The known word that was meant, as it is written.
std::string nearest(std::string_view word, const Words& known) {
  Words lower;
  for (const auto& candidate : known) lower.push_back(to_lower(candidate));
  const std::string guess = did_you_mean(to_lower(word), lower);
  for (const auto& candidate : known)
    if (!guess.empty() && equals_ignoring_case(candidate, guess)) return candidate;
  return {};
}

std::string do_you_mean(std::string_view text) { return fmt::format("Did you mean `{}`?", text); }

}  // namespace

std::optional<FilterField> field_named(std::string_view name) {
  for (const auto field : filter_fields())
    if (equals_ignoring_case(name, word(field))) return field;
  return std::nullopt;
}

std::string list_of_fields() {
  std::string list;
  for (const auto field : filter_fields()) list += (list.empty() ? "" : ", ") + std::string(word(field));
  return list;
}

std::string hint_for_field(std::string_view name) {
  if (const auto alias = alias_of(kFieldAliases, name); !alias.empty()) return do_you_mean(alias);
  if (const auto field = field_of_known_value(name))
    return do_you_mean(fmt::format("{} = {}", word(*field), name));
  if (name.find_first_of("*?") != std::string_view::npos) return do_you_mean(fmt::format("model ~ {}", name));
  Words names;
  for (const auto field : filter_fields()) names.emplace_back(word(field));
  if (const auto guess = nearest(name, names); !guess.empty()) return do_you_mean(guess);
  return "The fields are " + list_of_fields();
}

std::optional<FilterOperator> operator_of(std::string_view sign) {
  for (const auto op : filter_operators())
    if (sign == word(op)) return op;
  return std::nullopt;
}

std::string hint_for_sign(std::string_view sign) {
  const auto alias = alias_of(kSignAliases, sign);
  return alias.empty() ? kOperators : do_you_mean(alias);
}

std::string hint_for_operator(FilterField field, std::string_view found) {
  const auto alias = alias_of(kOperatorAliases, found);
  if (alias == "~")
    return do_you_mean(fmt::format("{} ~", word(field))) + " Its * is any characters, as in *Pro*";
  if (!alias.empty()) return do_you_mean(fmt::format("{} {}", word(field), alias));
  if (!found.empty())
    return do_you_mean(fmt::format("{} = {}", word(field), to_text(FilterValue(std::string(found)))));
  return kOperators;
}

std::optional<Slip> slip_in_value(FilterField field, const std::string& value) {
  const Words& known = known_values(field);
  if (known.empty() || value.empty() || is_one_of(known, value)) return std::nullopt;
  Slip slip{fmt::format("there is no {} {}", word(field), shown(value)), ""};
  if (const auto other = field_of_known_value(value)) {
    slip.hint = do_you_mean(fmt::format("{} = {}", word(*other), value));
    return slip;
  }
  std::string guess(alias_of_value(field, value));
  if (guess.empty()) guess = nearest(value, known);
  if (guess.empty()) return std::nullopt;
  slip.hint = do_you_mean(guess) + fmt::format(" If it is a new word of Apple's, write `{} ~ {}`",
                                               word(field), to_text(FilterValue(value)));
  return slip;
}

}  // namespace muster::assign
