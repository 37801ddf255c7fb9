// How a device that is there stands to the rules: as little of it as deciding needs, so that a million of them can be
// looked at in a second.
#pragma once

#include <map>

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

  /// Whether Apple says that it has a profile, whichever; a word that nobody knows says neither this nor that.
  bool has_profile() const { return profile_status == "assigned" || profile_status == "pushed"; }
  bool has_no_profile() const {
    return profile_status.empty() || profile_status == "empty" || profile_status == "removed";
  }
};

/// Devices with the profile of the one are to have that of the other: a new version takes an older one's place.
using ProfileMoves = std::map<ProfileUuid, ProfileUuid>;

}  // namespace muster
