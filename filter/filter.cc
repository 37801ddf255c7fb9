#include "filter/filter.h"

#include <array>

namespace muster {
namespace {

using Field = FilterField;

constexpr std::array kFields = {
    Field::serial,        Field::model,     Field::description, Field::color,       Field::asset_tag,
    Field::family,        Field::os,        Field::assigned_by, Field::assigned_at, Field::status,
    Field::profile,       Field::account,   Field::migrating,   Field::replacement, Field::enrolled,
    Field::enrolled_at,   Field::last_seen, Field::note_name,   Field::note_owner,  Field::note_group,
    Field::note_asset_tag};

constexpr std::array kOperators = {FilterOperator::equal,   FilterOperator::unequal, FilterOperator::like,
                                   FilterOperator::unlike,  FilterOperator::less,    FilterOperator::at_most,
                                   FilterOperator::greater, FilterOperator::at_least};

}  // namespace

std::string_view word(FilterField field) {
  switch (field) {
    case Field::serial: return "serial";
    case Field::model: return "model";
    case Field::description: return "description";
    case Field::color: return "color";
    case Field::asset_tag: return "asset_tag";
    case Field::family: return "family";
    case Field::os: return "os";
    case Field::assigned_by: return "assigned_by";
    case Field::assigned_at: return "assigned_at";
    case Field::status: return "status";
    case Field::profile: return "profile";
    case Field::account: return "account";
    case Field::migrating: return "migrating";
    case Field::replacement: return "replacement";
    case Field::enrolled: return "enrolled";
    case Field::enrolled_at: return "enrolled_at";
    case Field::last_seen: return "last_seen";
    case Field::note_name: return "note.name";
    case Field::note_owner: return "note.owner";
    case Field::note_group: return "note.group";
    case Field::note_asset_tag: return "note.asset_tag";
  }
  return "";
}

std::string_view word(FilterOperator op) {
  switch (op) {
    case FilterOperator::equal: return "=";
    case FilterOperator::unequal: return "!=";
    case FilterOperator::like: return "~";
    case FilterOperator::unlike: return "!~";
    case FilterOperator::less: return "<";
    case FilterOperator::at_most: return "<=";
    case FilterOperator::greater: return ">";
    case FilterOperator::at_least: return ">=";
  }
  return "";
}

FilterType type_of(FilterField field) {
  switch (field) {
    case Field::assigned_at:
    case Field::enrolled_at:
    case Field::last_seen: return FilterType::time;
    case Field::enrolled:
    case Field::migrating:
    case Field::replacement: return FilterType::flag;
    default: return FilterType::text;
  }
}

bool is_note(FilterField field) {
  return field == Field::note_name || field == Field::note_owner || field == Field::note_group ||
         field == Field::note_asset_tag;
}

bool is_of_enrollment(FilterField field) {
  return field == Field::enrolled || field == Field::enrolled_at || field == Field::last_seen;
}

std::span<const FilterField> filter_fields() { return kFields; }
std::span<const FilterOperator> filter_operators() { return kOperators; }

}  // namespace muster
