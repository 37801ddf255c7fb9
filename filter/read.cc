#include "filter/read.h"

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

bool Filter::uses_notes() const {
  bool uses = false;
  visit(expression_, [&](const FilterExpression& part) {
    const bool has_field =
        part.kind == FilterExpression::Kind::compare || part.kind == FilterExpression::Kind::one_of;
    uses = uses || (has_field && is_note(part.field));
  });
  return uses;
}

}  // namespace muster::assign
