// An enrollment profile that was defined at Apple through Muster. Apple cannot list profiles, so this is the
// list.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct Profile {
  AccountId account{};
  ProfileUuid uuid{};
  std::string name{};      ///< `profile_name`
  int version = 1;         ///< among the profiles of that name, in the order of their definition
  std::string document{};  ///< the JSON as it was sent, without `devices`
  Time defined_at{};
  std::string defined_by{};  ///< who says to have asked for it; "" when nobody said
  /// Apple's answer when it last said that it does not know this UUID, e.g. `PROFILE_NOT_FOUND`; "" while it
  /// does.
  std::string unknown_at_apple{};

  friend bool operator==(const Profile&, const Profile&) = default;
};

}  // namespace muster
