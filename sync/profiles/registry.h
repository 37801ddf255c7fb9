// The registry: profiles defined through Muster, as versions of their names. Apple offers no list of
// profiles.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/store.h"
#include "sync/rules/rule_change.h"

namespace muster::sync {

struct RegistryEntry {
  Profile profile;
  bool is_current = false;              ///< the current version of its name
  long long devices = 0;                ///< that have it now, according to Apple
  std::vector<std::string> rules = {};  ///< titles of the rules that give it
};

/// All profiles, or all versions of `name`, in order of name and version. Scans the account's devices.
Result<std::vector<RegistryEntry>> registry_of(Reader& reader, AccountId account,
                                               const std::optional<std::string>& name = {});

/// How many devices have the profile now. Scans the account's devices.
Result<long long> devices_with(Reader& reader, AccountId account, const ProfileUuid& profile);

/// Whether a rule follows the name; otherwise a new version moves no device.
Result<bool> is_followed(Reader& reader, AccountId account, const std::string& name);

/// Makes this version the current one; rules that follow the name give it. Call within change_rules(), which
/// handles the devices. Returns the number of rules.
Result<int> make_current(Writer& writer, const Profile& profile, Time now);

/// Stores it as the next version of its name, and as the current one unless that would take the place of
/// another and `may_replace` is false. Sets its version. Within change_rules() where rules can follow the
/// name.
struct NextVersion {
  std::optional<Profile> before{};  ///< that was current
  int rules = 0;                    ///< that follow the name, and give this version now
};
Result<NextVersion> put_next_version(Writer& writer, Profile& profile, bool may_replace, Time now);

/// A version as the audit has it.
std::string version_json(const Profile& profile);

struct Rollback {
  Profile profile;               ///< current now
  Profile before;                ///< current until now
  int rules = 0;                 ///< that follow the name
  long long devices_before = 0;  ///< that have `before`
  RuleChangeOutcome outcome{};   ///< devices that the rules move
};

/// Makes `version` of the name current, or without it the previous version, as a preview or for real
/// (rule_change.h; the caller fills all of `how` except apply). Devices keep their profiles, unless a rule
/// that follows the name has the scope `all`. Code::not_found for an unknown name or version; Code::conflict
/// if it is current, there is no previous version, or Apple no longer knows it.
Result<Rollback> roll_back(Store& store, const Account& account, const std::string& name,
                           std::optional<int> version, RuleChange how);

}  // namespace muster::sync
