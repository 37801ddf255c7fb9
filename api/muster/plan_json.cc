#include "api/muster/plan_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <unordered_map>

#include "api/members.h"

namespace muster::api::muster_v1 {
namespace {

// UUIDs and ids as people know them.
class Names {
 public:
  Names(const std::vector<Profile>& profiles, const std::vector<Assigner>& rules) {
    for (const auto& profile : profiles) profiles_[profile.uuid] = name_of(profile);
    for (const auto& rule : rules) rules_[rule.id] = title_of(rule);
  }

  void put_profile(boost::json::object& json, const std::string& key, const ProfileUuid& uuid) const {
    json[key] = uuid.str();
    const auto found = profiles_.find(uuid);
    if (found != profiles_.end()) put(json, (key + "_name").c_str(), found->second);
  }
  void put_rule(boost::json::object& json, AssignerId id) const {
    const auto found = rules_.find(id);
    if (found != rules_.end()) put(json, "rule", found->second);
  }

 private:
  static std::string name_of(const Profile& profile) {
    return profile.version > 1 ? profile.name + " version " + std::to_string(profile.version) : profile.name;
  }

  std::unordered_map<ProfileUuid, std::string> profiles_;
  std::map<AssignerId, std::string> rules_;
};

}  // namespace

boost::json::object to_json(const sync::Plan& plan, const std::vector<Profile>& profiles) {
  const Names names(profiles, plan.rules);
  boost::json::array groups, devices;
  for (const auto& group : plan.groups) {
    boost::json::object json{{"devices", group.devices}};
    names.put_profile(json, "from", group.from);
    names.put_profile(json, "to", group.to);
    names.put_rule(json, group.rule);
    groups.push_back(std::move(json));
  }
  for (const auto& change : plan.devices) {
    boost::json::object json{{"serial_number", change.serial.str()}};
    names.put_profile(json, "from", change.from);
    names.put_profile(json, "to", change.to);
    names.put_rule(json, change.rule);
    devices.push_back(std::move(json));
  }
  boost::json::object json{{"changes", plan.changes},
                           {"adopted", plan.adopted},
                           {"groups", std::move(groups)},
                           {"devices", std::move(devices)}};
  if (plan.next) json["next_cursor"] = std::to_string(static_cast<long long>(*plan.next));
  return json;
}

}  // namespace muster::api::muster_v1
