// The profiles that were defined through Muster, as versions of their names. Apple cannot list profiles, so this is the
// list.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/store.h"
#include "sync/rules/rule_change.h"

namespace muster::sync {

struct RegistryEntry {
  Profile profile;
  bool is_current = false;              ///< its name stands for it
  long long devices = 0;                ///< that have it now, as Apple says
  std::vector<std::string> rules = {};  ///< that give it, by their titles
};

/// All of them, or all versions of `name`; in order of name and version. Looks at every device of the account.
Result<std::vector<RegistryEntry>> registry_of(Reader& reader, AccountId account,
                                               const std::optional<std::string>& name = {});

/// How many devices have the profile now. Looks at every device of the account.
Result<long long> devices_with(Reader& reader, AccountId account, const ProfileUuid& profile);

/// Whether a rule follows the name: else no version of it moves a device.
Result<bool> is_followed(Reader& reader, AccountId account, const std::string& name);

/// Its name stands for this version from now on, and the rules that follow the name give it. To be called within
/// change_rules(), which sees to the devices. How many rules follow.
Result<int> make_current(Writer& writer, const Profile& profile, Time now);

struct Rollback {
  Profile profile;               ///< current now
  Profile before;                ///< current until now
  int rules = 0;                 ///< that follow
  long long devices_before = 0;  ///< that have `before`
  RuleChangeOutcome outcome{};   ///< what it moves, by the rules that follow the name
};

/// Previewed or made (rule_change.h); `how` says all but what to make. Makes `version` of the name current, without one the version before the current one; devices that have a profile keep
/// it, unless a rule that follows has the scope `all`. Code::not_found for a name or
/// version that is not there; Code::conflict when it is current already, when none is before it, or when Apple said that
/// it does not know it any more.
Result<Rollback> roll_back(Store& store, const Account& account, const std::string& name,
                           std::optional<int> version, RuleChange how);

}  // namespace muster::sync
