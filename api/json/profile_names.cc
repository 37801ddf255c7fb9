#include "api/json/profile_names.h"

namespace muster::api::muster_v1 {

ProfileNames::ProfileNames(const std::vector<Profile>& profiles) {
  for (const auto& profile : profiles)
    names_[profile.uuid] =
        profile.version > 1 ? profile.name + " version " + std::to_string(profile.version) : profile.name;
}

void ProfileNames::put(boost::json::object& json, const std::string& key, const ProfileUuid& uuid) const {
  json[key] = uuid.str();
  const auto found = names_.find(uuid);
  if (found != names_.end() && !found->second.empty()) json[key + "_name"] = found->second;
}

}  // namespace muster::api::muster_v1
