#include "assign/decide.h"

#include <algorithm>

namespace muster::assign {
namespace {

using By = Desired::By;
using Scope = Rule::Scope;

// A version that was replaced: of what is desired, or of what a device has that nobody has decided about.
std::optional<Decision> move(const Standing& standing, const ProfileMoves& moves) {
  const Desired& desired = standing.desired;
  if (desired.by == By::nobody) {
    const auto found = standing.has_profile() ? moves.find(standing.profile_uuid) : moves.end();
    // An operator asked for the move.
    return found == moves.end() ? std::nullopt : std::optional(Decision{By::manual, found->second, {}});
  }
  const auto found = moves.find(desired.profile);
  if (found == moves.end() || found->second == desired.profile) return std::nullopt;
  return Decision{desired.by, found->second, desired.rule};
}

// Nothing was sent yet, so that the rule's present word is as good as the one of then.
std::optional<Decision> renew(std::span<const Rule> rules, const Standing& standing) {
  if (!standing.waiting || standing.desired.by != By::rule) return std::nullopt;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& candidate) {
    return candidate.id == standing.desired.rule;
  });
  if (rule == rules.end() || !rule->filter_error.empty()) return std::nullopt;
  if (rule->profile == standing.desired.profile) return std::nullopt;
  return Decision{By::rule, rule->profile, rule->id};
}

}  // namespace

std::optional<Reach> reach_of(const Rule& rule) {
  if (rule.scope == Scope::arrivals || !rule.filter_error.empty()) return std::nullopt;
  // No profile on purpose: it takes none away, and answers for those that nobody covers.
  if (rule.profile.empty()) return Reach{.undecided_only = true, .without_profile_only = true};
  return Reach{.without_profile_only = rule.scope == Scope::unassigned, .not_desired = rule.profile};
}

Decision decide_arrival(const Rule* winner, const Desired& before, std::optional<Time> arrived) {
  // In doubt the operator knew of the device.
  if (is_manual(before) && before.at && arrived && *before.at + kClocksAgree >= *arrived)
    return {before.by, before.profile, {}};
  if (!winner || !winner->filter_error.empty()) return {};
  return {By::rule, winner->profile, winner->id};
}

std::optional<Decision> decide_standing(std::span<const Rule> rules, const Standing& standing,
                                        const ProfileMoves& moves) {
  const By by = standing.desired.by;
  if (by == By::hold) return std::nullopt;
  if (!moves.empty()) {
    if (const auto moved = move(standing, moves)) return moved;
  }
  if (by == By::manual) return std::nullopt;
  if (standing.rule >= 0) {
    const Rule& winner = rules[static_cast<size_t>(standing.rule)];
    const auto reach = reach_of(winner);
    if (reach && reach->includes(standing)) return Decision{By::rule, winner.profile, winner.id};
  }
  return renew(rules, standing);
}

Decision decide_released(std::span<const Rule> rules, Standing standing) {
  standing.desired = {};
  const Rule* winner = standing.rule < 0 ? nullptr : &rules[static_cast<size_t>(standing.rule)];
  const bool has_winners = winner && standing.has_profile() && !winner->profile.empty() &&
                           standing.profile_uuid == winner->profile;
  if (standing.has_no_profile() || has_winners) return decide_arrival(winner, {}, std::nullopt);
  return decide_standing(rules, standing).value_or(Decision{});
}

Standing standing_of(const Device& device, int rule, bool waiting) {
  return {.device = device.id,
          .serial = device.serial,
          .desired = device.desired,
          .profile_status = device.facts.profile_status,
          .profile_uuid = device.facts.profile_uuid,
          .waiting = waiting,
          .rule = rule};
}

}  // namespace muster::assign
