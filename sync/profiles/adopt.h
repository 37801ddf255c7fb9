// Profiles that Muster did not define, for the registry: Apple cannot list profiles, but shows one whose UUID
// is known.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "apple/service.h"
#include "store/store.h"
#include "sync/accounts/run_context.h"

namespace muster::sync {

/// What became of one that was to be adopted.
struct AdoptedProfile {
  Profile profile;               ///< only its UUID where Apple was not asked, or did not give it
  std::optional<Error> error{};  ///< why it is not in the registry
};

/// Reads them from Apple, in this order; they have no versions yet. Code::cancelled after `stop`; every other
/// error is that of one profile.
Result<std::vector<AdoptedProfile>> fetch_profiles(apple::Service& service,
                                                   const std::vector<ProfileUuid>& uuids,
                                                   std::stop_token stop);

struct Adoption {
  std::vector<AdoptedProfile> profiles{};
  long long left = 0;  ///< more that devices have: for the next call
};

/// The most that one call adopts: each is a request to Apple.
inline constexpr size_t kAdoptLimit = 100;

/// Adopts the profiles that the account's devices have, and that the registry lacks: each becomes the next
/// version of its name, and the current one if the name has none. `preview`: asks Apple, and stores nothing.
/// Scans the account's devices.
Result<Adoption> adopt_profiles(const RunContext& context, const std::string& by, bool preview);

/// Stores a profile that fetch_profiles() gave. `may_replace`: put_next_version().
Result<> put_adopted(Writer& writer, Profile& profile, const std::string& by, bool may_replace, Time now);

}  // namespace muster::sync
