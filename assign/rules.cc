#include "assign/rules.h"

#include <algorithm>
#include <cstdint>

#include "assign/decide.h"
#include "filter/match.h"

namespace muster::assign {
namespace {

constexpr size_t kMostKinds = 1024;  // in memory; some hundred are usual

bool is_of_kind(FilterField field) {
  switch (field) {
    case FilterField::model:
    case FilterField::description:
    case FilterField::color:
    case FilterField::family:
    case FilterField::os:
    case FilterField::assigned_by:
    case FilterField::status:
    case FilterField::profile:
    case FilterField::account: return true;
    default: return false;
  }
}

bool is_covered(const Result<Filter>& filter, const Subject& subject) {
  return !filter || filter->matches(subject);
}

}  // namespace

Rules::Rules(std::vector<Rule> rules) : rules_(std::move(rules)) {
  filters_.reserve(rules_.size());
  for (auto& rule : rules_) {
    const auto& filter = filters_.emplace_back(Filter::parse(rule.filter));
    rule.filter_error = filter ? "" : filter.error().message;
    const auto fields = filter ? filter->fields() : std::set<FilterField>();
    asks_kind_.push_back(std::all_of(fields.begin(), fields.end(), is_of_kind));
    if (asks_kind_.back()) kind_fields_.insert(fields.begin(), fields.end());
  }
}

const Rules::Answers& Rules::answers_for_kind(const Subject& subject) const {
  key_.clear();
  for (const FilterField field : kind_fields_) {
    const auto text = text_of(field, subject);
    const auto size = static_cast<std::uint32_t>(text.size());
    key_.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
  }
  if (const auto known = answers_.find(key_); known != answers_.end()) return known->second;
  Answers answers(filters_.size());
  for (size_t i = 0; i < filters_.size(); ++i) answers[i] = asks_kind_[i] && is_covered(filters_[i], subject);
  if (answers_.size() >= kMostKinds) answers_.clear();
  return answers_.emplace(key_, std::move(answers)).first->second;
}

bool Rules::covers(size_t place, const Subject& subject, const Answers& for_kind) const {
  return asks_kind_[place] ? for_kind[place] : is_covered(filters_[place], subject);
}

int Rules::first_covering(const Subject& subject) const {
  const auto& for_kind = answers_for_kind(subject);
  for (size_t i = 0; i < filters_.size(); ++i)
    if (covers(i, subject, for_kind)) return static_cast<int>(i);
  return -1;
}

std::vector<int> Rules::all_covering(const Subject& subject, int first) const {
  const auto& for_kind = answers_for_kind(subject);
  std::vector<int> places;
  for (auto i = static_cast<size_t>(first); i < filters_.size(); ++i)
    if (covers(i, subject, for_kind)) places.push_back(static_cast<int>(i));
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

bool Rules::use_enrollments() const {
  return std::any_of(filters_.begin(), filters_.end(),
                     [](const Result<Filter>& filter) { return filter && filter->uses_enrollments(); });
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
