// Profiles that Apple does not know, and the rules that give them: one mark per profile, however many devices
// wait.
#pragma once

#include "store/store.h"

namespace muster::sync {

/// Apple does not know the profile: marks its rules as broken and suspends assignments for a while.
Result<> profile_is_unknown(Writer& writer, AccountId account, const ProfileUuid& profile,
                            const std::string& word, Time now);

/// Apple knows the profile, or an operator wants another attempt: removes the mark, if any.
Result<> profile_is_known(Writer& writer, AccountId account, const ProfileUuid& profile);

/// The same for several profiles, in a transaction of its own if one of them is marked.
Result<> profiles_are_known(Store& store, AccountId account, const std::set<ProfileUuid>& profiles);

/// Nobody could ask Apple yet whether it knows the profile, which a rule is to give: the next run of the account asks.
Result<> profile_is_unchecked(Writer& writer, AccountId account, const ProfileUuid& profile, Time now);

/// Profiles whose wait is over: whether Apple knows them now is to be asked before anything is sent.
struct ProfileProbe {
  ProfileUuid profile;
  bool is_unchecked = false;  ///< Apple was never asked
};
Result<std::vector<ProfileProbe>> profiles_to_probe(Reader& reader, AccountId account, Time now);

/// The profiles that are suspended beyond `now`, and when the first of them is due.
struct BlockedProfiles {
  std::set<ProfileUuid> profiles;
  std::optional<Time> until;
};
Result<BlockedProfiles> blocked_profiles(Reader& reader, AccountId account, Time now);

}  // namespace muster::sync
