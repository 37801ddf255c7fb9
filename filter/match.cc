#include "filter/match.h"

#include <algorithm>

#include "base/text/glob.h"
#include "base/text/strings.h"
#include "model/device_flags.h"

namespace muster::assign {
namespace {

using Field = FilterField;
using Kind = FilterExpression::Kind;
using Operator = FilterOperator;

bool holds(Operator op, int order) {
  switch (op) {
    case Operator::equal: return order == 0;
    case Operator::unequal: return order != 0;
    case Operator::less: return order < 0;
    case Operator::at_most: return order <= 0;
    case Operator::greater: return order > 0;
    case Operator::at_least: return order >= 0;
    case Operator::like:
    case Operator::unlike: break;  // no matter of order
  }
  return false;
}

bool text_holds(std::string_view text, Operator op, const std::string& value) {
  if (op == Operator::like) return glob_matches(value, text);
  if (op == Operator::unlike) return !glob_matches(value, text);
  return holds(op, compare_ignoring_case(text, value));
}

// A time that is not known is before, at and after no other.
bool time_holds(const std::optional<Time>& time, Operator op, Time value) {
  if (!time) return op == Operator::unequal;
  return holds(op, *time < value ? -1 : *time > value ? 1 : 0);
}

std::optional<Time> time_of(Field field, const Subject& subject) {
  if (field == Field::assigned_at) return subject.device.facts.assigned_at;
  if (!subject.enrollment) return std::nullopt;
  return field == Field::enrolled_at ? subject.enrollment->enrolled_at : subject.enrollment->last_seen;
}

bool flag_of(Field field, const Subject& subject) {
  if (field == Field::enrolled) return subject.enrollment && subject.enrollment->enrolled_at;
  const std::string& other = subject.device.facts.other;
  return field == Field::migrating ? is_migrating(other) : is_replacement(other);
}

bool compare(Field field, Operator op, const FilterValue& value, const Subject& subject) {
  switch (type_of(field)) {
    case FilterType::text: return text_holds(text_of(field, subject), op, std::get<std::string>(value));
    case FilterType::time: return time_holds(time_of(field, subject), op, std::get<Time>(value));
    case FilterType::flag:
      return (flag_of(field, subject) == std::get<bool>(value)) == (op == Operator::equal);
  }
  return false;
}

}  // namespace

std::string_view text_of(Field field, const Subject& subject) {
  static const Note kNoNote;
  const DeviceFacts& facts = subject.device.facts;
  const Note& note = subject.note ? *subject.note : kNoNote;
  switch (field) {
    case Field::serial: return subject.device.serial.str();
    case Field::model: return facts.model;
    case Field::description: return facts.description;
    case Field::color: return facts.color;
    case Field::asset_tag: return facts.asset_tag;
    case Field::family: return facts.family;
    case Field::os: return facts.os;
    case Field::assigned_by: return facts.assigned_by;
    case Field::status:
      return facts.profile_status.empty() ? "empty" : std::string_view(facts.profile_status);
    case Field::profile: return facts.profile_uuid.str();
    case Field::account: return subject.account.str();
    case Field::note_name: return note.name;
    case Field::note_owner: return note.owner;
    case Field::note_group: return note.group;
    case Field::note_asset_tag: return note.asset_tag;
    case Field::assigned_at:
    case Field::migrating:
    case Field::replacement:
    case Field::enrolled:
    case Field::enrolled_at:
    case Field::last_seen: break;  // no texts
  }
  return {};
}

bool matches(const FilterExpression& x, const Subject& subject) {
  const auto part_matches = [&](const FilterExpression& part) { return matches(part, subject); };
  switch (x.kind) {
    case Kind::every: return true;
    case Kind::compare: return compare(x.field, x.op, x.values.front(), subject);
    case Kind::one_of:
      return std::any_of(x.values.begin(), x.values.end(), [&](const FilterValue& value) {
        return compare(x.field, Operator::equal, value, subject);
      });
    case Kind::in_list: return subject.lists && subject.lists->contains(x.list);
    case Kind::negation: return !part_matches(x.parts.front());
    case Kind::all_of: return std::all_of(x.parts.begin(), x.parts.end(), part_matches);
    case Kind::any_of: return std::any_of(x.parts.begin(), x.parts.end(), part_matches);
  }
  return false;
}

}  // namespace muster::assign
