#include "assign/rules.h"

#include <algorithm>

#include "assign/decide.h"

namespace muster::assign {
namespace {

bool covers(const Result<Filter>& filter, const Subject& subject) {
  return !filter || filter->matches(subject);
}

}  // namespace

Rules::Rules(std::vector<Assigner> assigners) : assigners_(std::move(assigners)) {
  filters_.reserve(assigners_.size());
  for (auto& assigner : assigners_) {
    filters_.push_back(Filter::parse(assigner.filter));
    assigner.filter_error = filters_.back() ? "" : filters_.back().error().message;
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

const Assigner* Rules::find(AssignerId id) const {
  const auto found = std::find_if(assigners_.begin(), assigners_.end(),
                                  [&](const Assigner& assigner) { return assigner.id == id; });
  return found == assigners_.end() ? nullptr : &*found;
}

std::vector<const FilterExpression*> Rules::expressions() const {
  std::vector<const FilterExpression*> all;
  all.reserve(filters_.size());
  for (const auto& filter : filters_) all.push_back(filter ? &filter->expression() : nullptr);
  return all;
}

std::vector<std::optional<Reach>> Rules::reaches() const {
  std::vector<std::optional<Reach>> all;
  all.reserve(assigners_.size());
  for (const auto& assigner : assigners_) all.push_back(reach_of(assigner));
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
  return std::any_of(assigners_.begin(), assigners_.end(),
                     [](const Assigner& assigner) { return assigner.scope != Assigner::Scope::arrivals; });
}

std::string filter_error_of(const Assigner& rule) {
  const auto filter = Filter::parse(rule.filter);
  return filter ? "" : filter.error().message;
}

}  // namespace muster::assign
