#include "assign/rules.h"

#include <algorithm>

#include "assign/decide.h"

namespace muster::assign {
namespace {

bool covers(const Result<Filter>& filter, const Subject& subject) {
  return !filter || filter->matches(subject);
}

}  // namespace

Rules::Rules(std::vector<Rule> rules) : rules_(std::move(rules)) {
  filters_.reserve(rules_.size());
  for (auto& rule : rules_) {
    filters_.push_back(Filter::parse(rule.filter));
    rule.filter_error = filters_.back() ? "" : filters_.back().error().message;
  }
}

int Rules::first_covering(const Subject& subject) const {
  const auto found = std::find_if(filters_.begin(), filters_.end(),
                                  [&](const Result<Filter>& filter) { return covers(filter, subject); });
  return found == filters_.end() ? -1 : static_cast<int>(found - filters_.begin());
}

std::vector<int> Rules::all_covering(const Subject& subject, int first) const {
  std::vector<int> places;
  for (auto i = static_cast<size_t>(first); i < filters_.size(); ++i)
    if (covers(filters_[i], subject)) places.push_back(static_cast<int>(i));
  return places;
}

const Rule* Rules::find(RuleId id) const {
  const auto found =
      std::find_if(rules_.begin(), rules_.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules_.end() ? nullptr : &*found;
}

std::vector<const FilterExpression*> Rules::expressions() const {
  std::vector<const FilterExpression*> all;
  all.reserve(filters_.size());
  for (const auto& filter : filters_) all.push_back(filter ? &filter->expression() : nullptr);
  return all;
}

std::vector<std::optional<Reach>> Rules::reaches() const {
  std::vector<std::optional<Reach>> all;
  all.reserve(rules_.size());
  for (const auto& rule : rules_) all.push_back(reach_of(rule));
  return all;
}

bool Rules::use_notes() const {
  return std::any_of(filters_.begin(), filters_.end(),
                     [](const Result<Filter>& filter) { return filter && filter->uses_notes(); });
}

bool Rules::use_lists() const {
  return std::any_of(filters_.begin(), filters_.end(),
                     [](const Result<Filter>& filter) { return filter && !filter->lists().empty(); });
}

bool Rules::any_is_wide() const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [](const Rule& rule) { return rule.scope != Rule::Scope::arrivals; });
}

std::string filter_error_of(const Rule& rule) {
  const auto filter = Filter::parse(rule.filter);
  return filter ? "" : filter.error().message;
}

}  // namespace muster::assign
