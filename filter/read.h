// The filter of a rule: which devices it covers. The language is described in docs/filters.md.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "filter/filter.h"
#include "filter/subject.h"

namespace muster::assign {

class Filter {
 public:
  /// Reads a filter. `*`, MicroMDM's one filter, covers every device. Code::invalid names the column and what
  /// was expected there.
  static Result<Filter> parse(std::string_view text);

  bool matches(const Subject& subject) const;

  const FilterExpression& expression() const { return expression_; }
  /// The names of the lists that it asks, without the @.
  std::set<std::string> lists() const;
  /// Whether it asks people's notes, so that a Subject needs them.
  bool uses_notes() const;
  /// Whether it asks what MDM servers told, likewise.
  bool uses_enrollments() const;
  /// The fields that it asks; a list asks the serial.
  std::set<FilterField> fields() const;

 private:
  explicit Filter(FilterExpression expression) : expression_(std::move(expression)) {}

  FilterExpression expression_;
};

}  // namespace muster::assign
