#include "sync/assigners.h"

#include "assign/filter.h"
#include "base/log.h"

namespace muster::sync {

Result<> apply_assigner(Store& store, AccountId account, const std::string& filter,
                        const ProfileUuid& profile, Time now) {
  MUSTER_TRY(assign::Filter::parse(filter));
  if (profile.empty())
    return failure(Code::invalid, "the profile UUID is missing",
                   "Give the UUID that `mdmctl apply dep-profiles` printed");

  MUSTER_TRY(const auto moved, store.write([&](Writer& writer) -> Result<long long> {
    MUSTER_TRY(auto assigners, writer.assigners(account));
    Assigner assigner{.account = account, .filter = filter, .created_at = now};
    for (auto& present : assigners)
      if (present.filter == filter) assigner = std::move(present);
    const bool repointed = assigner.id != AssignerId{} && assigner.profile != profile;
    assigner.profile = profile;
    assigner.updated_at = now;
    assigner.broken.clear();
    MUSTER_TRY(writer.put_assigner(assigner));
    if (!repointed) return 0;
    return writer.repoint_waiting(account, assigner.id, profile, now);
  }));
  log::info("assigner.saved", {{"filter", filter}, {"profile", profile.str()}, {"moved", moved}});
  return {};
}

Result<> remove_assigner(Store& store, AccountId account, const std::string& filter) {
  MUSTER_TRY(store.write([&](Writer& writer) -> Result<> {
    MUSTER_TRY(const bool removed, writer.remove_assigner(account, filter));
    if (removed) return {};
    return failure(Code::not_found, "no assigner with the filter '" + filter + "'",
                   "`mdmctl get dep-autoassigners` lists those there are");
  }));
  log::info("assigner.removed", {{"filter", filter}});
  return {};
}

}  // namespace muster::sync
