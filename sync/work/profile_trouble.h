// Profiles that Apple does not know, and the rules that give them: one mark per profile, however many devices
// wait.
#pragma once

#include <span>

#include "store/store.h"

namespace muster::sync {

/// Apple does not know the profile: marks its rules as broken and suspends assignments for a while.
Result<> profile_is_unknown(Writer& writer, AccountId account, const ProfileUuid& profile,
                            const std::string& word, Time now);

/// Apple knows the profile, or an operator wants another attempt: removes the mark, if any.
Result<> profile_is_known(Writer& writer, AccountId account, const ProfileUuid& profile);

/// The same for several profiles, in a transaction of its own if one of them is marked.
Result<> profiles_are_known(Store& store, WriteScope scope, const std::set<ProfileUuid>& profiles);

/// Nobody could ask Apple yet whether it knows the profile, which a rule is to give: the next run of the
/// account asks.
Result<> profile_is_unchecked(Writer& writer, AccountId account, const ProfileUuid& profile, Time now);

/// Profiles whose wait is over: whether Apple knows them now is to be asked before anything is sent.
struct ProfileProbe {
  ProfileUuid profile;
  bool is_unchecked = false;  ///< Apple was never asked
};
Result<std::vector<ProfileProbe>> profiles_to_probe(Reader& reader, AccountId account, Time now);

/// Apple did not say whether it knows these profiles: they are asked about again later. Those that Apple did
/// not know stay suspended until then; those that it was never asked about do not.
Result<> probes_failed(Writer& writer, AccountId account, std::span<const ProfileProbe> probes, Time now);

/// The profiles that are suspended beyond `now`.
struct BlockedProfiles {
  std::set<ProfileUuid> profiles;
  std::optional<Time>
      until;  ///< when Apple is asked next about one of them, or about one that it was never asked about
};
Result<BlockedProfiles> blocked_profiles(Reader& reader, AccountId account, Time now);

}  // namespace muster::sync
