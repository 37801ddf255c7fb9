// How an existing device stands to the rules: as little of it as deciding needs, so that a million of them
// can be looked at in a second.
#pragma once

#include <map>
#include <optional>

#include "model/device.h"

namespace muster {

struct Standing {
  DeviceId device{};
  Serial serial;
  Desired desired;
  std::string profile_status;  ///< as DeviceFacts has it
  ProfileUuid profile_uuid;    ///< likewise
  bool waiting = false;        ///< its desired profile was not sent to Apple yet
  /// The first rule that covers it, as its place in the order; -1 for none.
  int rule = -1;

  friend bool operator==(const Standing&, const Standing&) = default;

  /// Whether Apple says that it has a profile, whichever; a word that is unknown says neither this nor that.
  bool has_profile() const { return muster::has_profile(profile_status_of(profile_status)); }
  /// Whether it is this one, as DeviceFacts says it.
  bool has_profile(const ProfileUuid& uuid) const {
    return shows_its_profile(profile_status_of(profile_status)) && profile_uuid == uuid && !uuid.empty();
  }
  bool has_no_profile() const { return muster::has_no_profile(profile_status_of(profile_status)); }
};

/// Which of the existing devices, and that it is the first to cover, a rule changes; those that an operator
/// decided about are not asked.
struct Reach {
  bool undecided_only = false;               ///< only those that nobody has decided about
  bool without_profile_only = false;         ///< only those of which Apple says that they have none
  std::optional<ProfileUuid> not_desired{};  ///< only those that are to have another one than this

  bool includes(const Standing& standing) const {
    return (!undecided_only || standing.desired.by == Desired::By::nobody) &&
           (!without_profile_only || standing.has_no_profile()) &&
           (!not_desired || standing.desired.profile != *not_desired);
  }
};

/// Devices with the profile of the one are to have that of the other: a new version takes an older one's
/// place.
using ProfileMoves = std::map<ProfileUuid, ProfileUuid>;

}  // namespace muster
