// The rules of an account, their filters read, in the order in which they are tried.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "filter/read.h"
#include "model/rule.h"
#include "model/standing.h"

namespace muster::assign {

/// For one thread at a time: what was found out about devices is kept for others that are alike.
class Rules {
 public:
  Rules() = default;
  /// `rules` in their order. One whose filter cannot be read (another version of Muster wrote it) covers
  /// every device, and decides about none (Rule::filter_error): its devices must not fall to the rules
  /// behind it.
  explicit Rules(std::vector<Rule> rules);

  std::span<const Rule> in_order() const { return rules_; }

  /// The place of the first rule that covers the device; -1 for none.
  int first_covering(const Subject& subject) const;
  /// The places of all that do, from `first` on, in order.
  std::vector<int> all_covering(const Subject& subject, int first = 0) const;

  /// Null where `place` is -1.
  const Rule* at(int place) const { return place < 0 ? nullptr : &rules_[static_cast<size_t>(place)]; }
  /// Null when there is none (any more).
  const Rule* find(RuleId id) const;

  /// The filters, in order; null for one that cannot be read, which covers every device. Valid as long as the
  /// rules.
  std::vector<const FilterExpression*> expressions() const;

  /// Which devices each rule changes among those that it is the first to cover (reach_of), in order.
  std::vector<std::optional<Reach>> reaches() const;

  /// Whether some filter asks what MDM servers told, operators' notes, or their lists.
  bool use_enrollments() const;
  bool use_notes() const;
  bool use_lists() const;

  /// Whether some rule concerns devices that did not arrive just now.
  bool any_is_wide() const;

 private:
  using Answers = std::vector<bool>;  // one for each rule
  const Answers& answers_for_kind(const Subject& subject) const;
  bool covers(size_t place, const Subject& subject, const Answers& for_kind) const;

  std::vector<Rule> rules_;
  std::vector<Result<Filter>> filters_;  // one for each rule
  // Filters that ask nothing but what many devices have in common, model and color for instance: they are
  // tried once for all devices that are alike in the fields that they ask.
  Answers asks_kind_;
  std::set<FilterField> kind_fields_;
  mutable std::unordered_map<std::string, Answers> answers_;  // by these fields of a device
  mutable std::string key_;                                   // of the last one
};

/// Why the filter cannot be read; "" when it can.
std::string filter_error_of(const Rule& rule);

}  // namespace muster::assign
