// Which profile a device should have, and why. Pure functions: rules and device in, decision out. The sync,
// the preview, `explain` and the tests' second decider all ask here.
#pragma once

#include <optional>
#include <span>

#include "model/rule.h"
#include "model/standing.h"

namespace muster::assign {

struct Decision {
  Desired::By by = Desired::By::nobody;
  ProfileUuid profile;
  RuleId rule{};

  friend bool operator==(const Decision&, const Decision&) = default;
};

/// An operator decided it, not the rules.
inline bool is_manual(const Desired& desired) {
  return desired.by == Desired::By::manual || desired.by == Desired::By::hold;
}

/// How well a moment of ours is known by Apple's clock: that is learned to a second, and its dates have whole
/// seconds.
inline constexpr Millis kClocksAgree = std::chrono::seconds(2);

/// For a device that has just arrived, at `arrived` by Apple's clock. `winner` is the first rule that
/// covers it, null for none: it decides, whatever its scope, unless its filter cannot be read. What an
/// operator did to the device through Muster since then, `before`, beats it.
Decision decide_arrival(const Rule* winner, const Desired& before, std::optional<Time> arrived);

/// For an existing device, and did not arrive just now: what is to be from now on, or nothing when it stays
/// as it is. `rules` are all rules of the account in their order; standing.rule says which of them covers
/// the device.
///
/// - An operator's word beats the rules; a newer version of the profile they chose takes the older one's
///   place (`moves`).
/// - A device that still waits for its rule's profile gets the one that the rule has now.
/// - Scope `unassigned` takes devices without a profile, scope `all` all that were to have another; scope
///   `new` none.
std::optional<Decision> decide_standing(std::span<const Rule> rules, const Standing& standing,
                                        const ProfileMoves& moves = {});

/// Which devices the rule changes where it is the first to cover them and nobody's hand is on them; nothing
/// for a rule that is for arrivals only. decide_standing() asks it, and the store, so as to leave out devices
/// that no rule changes.
std::optional<Reach> reach_of(const Rule& rule);

/// For a device of which an operator lifted the hold: without a profile, or with the very one of the rule
/// that covers it, it is as one that arrives; with another as one that is there. Returns what is to be from
/// now on.
Decision decide_released(std::span<const Rule> rules, Standing standing);

/// The standing of a device, of which `rule` is the place of the first rule that covers it.
Standing standing_of(const Device& device, int rule, bool waiting);

}  // namespace muster::assign
