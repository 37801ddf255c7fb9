// Defines a profile: at Apple, in the registry as the next version of its name, and for its devices.
#pragma once

#include <optional>
#include <string>

#include "apple/service.h"
#include "model/profile.h"
#include "sync/accounts/run_context.h"
#include "sync/rules/rule_change.h"

namespace muster::sync {

struct Definition {
  std::string document;     ///< a JSON object
  std::string by{};         ///< who asks for it
  bool if_changed = false;  ///< not when the current version of its name says the same
  /// Preview, limits and revision (rule_change.h); everything except apply. A rejected or previewed change
  /// does not reach Apple, which cannot delete a profile.
  RuleChange how{};
};

struct Defined {
  Profile profile;     ///< the current version of its name now, or what would be: with kNoUuidYet then
  bool is_new = true;  ///< false: it was the current one already, and Apple was not asked to define it
  int rules = 0;       ///< that follow the name, and give this version from now on
  apple::SerialAnswers devices{};
  std::optional<Profile> before{};  ///< the version that was current
  long long devices_before = 0;     ///< that have the version before, and keep it
  RuleChangeOutcome outcome{};      ///< what it moves, by the rules that follow the name
};

/// Placeholder in a plan for a UUID that Apple has not assigned yet.
inline constexpr const char* kNoUuidYet = "not defined yet";

/// Defines it at Apple, keeps it in the registry as the current version of its name, and assigns it to the
/// `devices` in it. In one transaction with the registry, the rules that follow the name give it. Devices
/// that have the version before keep that. Code::conflict for another revision; Apple is not asked then.
/// Where the configuration changes while Apple is asked, the version is kept in the registry, and is not made
/// the current one in the place of another.
Result<Defined> define_profile(const RunContext& context, const Definition& definition);

}  // namespace muster::sync
