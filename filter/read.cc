#include "filter/read.h"

#include <algorithm>

#include "filter/match.h"
#include "filter/parser.h"

namespace muster::assign {
namespace {

template <class Visit>
void visit(const FilterExpression& expression, Visit&& each) {
  each(expression);
  for (const auto& part : expression.parts) visit(part, each);
}

}  // namespace

Result<Filter> Filter::parse(std::string_view text) {
  MUSTER_TRY(auto expression, parse_filter(text));
  return Filter(std::move(expression));
}

bool Filter::matches(const Subject& subject) const { return assign::matches(expression_, subject); }

std::set<std::string> Filter::lists() const {
  std::set<std::string> names;
  visit(expression_, [&](const FilterExpression& part) {
    if (part.kind == FilterExpression::Kind::in_list) names.insert(part.list);
  });
  return names;
}

std::set<FilterField> Filter::fields() const {
  using Kind = FilterExpression::Kind;
  std::set<FilterField> fields;
  visit(expression_, [&](const FilterExpression& part) {
    if (part.kind == Kind::compare || part.kind == Kind::one_of) fields.insert(part.field);
    if (part.kind == Kind::in_list) fields.insert(FilterField::serial);
  });
  return fields;
}

bool Filter::uses_notes() const {
  const auto asked = fields();
  return std::any_of(asked.begin(), asked.end(), is_note);
}

bool Filter::uses_enrollments() const {
  const auto asked = fields();
  return std::any_of(asked.begin(), asked.end(), is_of_enrollment);
}

}  // namespace muster::assign
