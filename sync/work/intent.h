// A person's wish, stored before Apple is asked: whatever happens to the call or to us, the wish is not lost, and the
// rules do not overrule what Apple may have done already. What Apple refuses is taken back.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/assignment.h"
#include "sync/work/changes.h"

namespace muster::sync {

/// What one device was before the wish.
struct Wish {
  DeviceId device{};
  Serial serial;
  bool was_unknown = false;  ///< no run had shown the device
  Desired desired_before;
  std::optional<Time> contested_before;
  std::optional<Assignment> assignment_before;
  Desired desired;    ///< the wish itself
  Time created_at{};  ///< of the assignment that it makes
};

/// When an operator wished it, by both clocks: whether a device came before or after is told by Apple's.
struct WishTime {
  Time now{};
  Time by_apple{};
};

/// These devices are to have `profile`. Their assignments are in_flight, and not looked at before `not_before`: the
/// caller sends them itself and settles each by settle_wish() or take_back(). Serials that are there twice count once.
Result<std::vector<Wish>> wish_profile(Writer& writer, Changes& changes, AccountId account,
                                       const ProfileUuid& profile, std::span<const Serial> serials,
                                       const WishTime& time, Time not_before);

/// These devices are to have none, and rules are to leave them alone. Devices that no run has shown are left out.
Result<std::vector<Wish>> wish_hold(Writer& writer, Changes& changes, AccountId account,
                                    std::span<const Serial> serials, const WishTime& time);

/// Apple refused: the device is as before, unless somebody wished something else meanwhile.
Result<> take_back(Writer& writer, Changes& changes, const Wish& wish, Time now);

}  // namespace muster::sync
