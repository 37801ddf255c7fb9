#include "api/json/plan.h"

#include <boost/json.hpp>
#include <map>

#include "api/json/profile_names.h"

namespace muster::api::muster_v1 {
namespace {

using RuleTitles = std::map<RuleId, std::string>;

RuleTitles titles_of(const std::vector<Rule>& rules) {
  RuleTitles titles;
  for (const auto& rule : rules) titles[rule.id] = title_of(rule);
  return titles;
}

// Of a group or of a device of the plan.
template <class Change>
void put_change(boost::json::object& json, const Change& change, const ProfileNames& names,
                const RuleTitles& titles) {
  names.put(json, "from", change.from);
  names.put(json, "to", change.to);
  if (const auto rule = titles.find(change.rule); rule != titles.end()) json["rule"] = rule->second;
}

}  // namespace

boost::json::object to_json(const sync::Plan& plan, const std::vector<Profile>& profiles) {
  const ProfileNames names(profiles);
  const auto titles = titles_of(plan.rules);
  boost::json::array groups, devices;
  for (const auto& group : plan.groups) {
    boost::json::object json{{"devices", group.devices}};
    put_change(json, group, names, titles);
    groups.push_back(std::move(json));
  }
  for (const auto& change : plan.devices) {
    boost::json::object json{{"serial_number", change.serial.str()}};
    put_change(json, change, names, titles);
    devices.push_back(std::move(json));
  }
  boost::json::object json{{"changes", plan.changes},
                           {"adopted", plan.adopted},
                           {"groups", std::move(groups)},
                           {"devices", std::move(devices)}};
  boost::json::array broken;
  for (const auto& rule : plan.rules)
    if (!rule.filter_error.empty())
      broken.push_back({{"rule", title_of(rule)}, {"reason", "invalid filter: " + rule.filter_error}});
  if (!broken.empty()) json["broken"] = std::move(broken);
  if (plan.next) json["next_cursor"] = std::to_string(static_cast<long long>(*plan.next));
  return json;
}

}  // namespace muster::api::muster_v1
