#include "api/json/device.h"

#include <boost/json.hpp>

#include "api/members.h"
#include "base/text/json.h"
#include "model/text/words.h"

namespace muster::api::muster_v1 {

boost::json::object to_json(const Account& account, const Device& device) {
  const DeviceFacts& facts = device.facts;
  boost::json::object json{{"serial_number", device.serial.str()}};
  put(json, "model", facts.model);
  put(json, "description", facts.description);
  put(json, "color", facts.color);
  put(json, "asset_tag", facts.asset_tag);
  put(json, "os", facts.os);
  put(json, "device_family", facts.family);
  put(json, "profile_status", facts.profile_status);
  put(json, "profile_uuid", facts.profile_uuid.str());
  put(json, "profile_assign_time", facts.profile_assign_time);
  put(json, "profile_push_time", facts.profile_push_time);
  put(json, "device_assigned_by", facts.assigned_by);
  put(json, "device_assigned_date", facts.assigned_at);
  if (auto other = parse_json(facts.other); other && other->is_object())
    for (auto& member : other->get_object()) json.insert(member);
  json["account"] = account.name.str();
  json["first_seen"] = format_rfc3339(device.first_seen);
  put(json, "arrived_at", device.arrived_at);
  json["desired_by"] = std::string(word(device.desired.by));
  put(json, "desired_profile_uuid", device.desired.profile.str());
  put(json, "contested_since", device.contested_at);
  return json;
}

boost::json::object to_json(const Assignment& assignment) {
  boost::json::object json{{"profile_uuid", assignment.profile.str()},
                           {"state", std::string(word(assignment.state))},
                           {"attempts", assignment.attempts},
                           {"next_try", format_rfc3339(assignment.next_try)}};
  put(json, "last_answer", assignment.last_answer);
  return json;
}

}  // namespace muster::api::muster_v1
