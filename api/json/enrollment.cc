#include "api/json/enrollment.h"

#include "api/members.h"

namespace muster::api::muster_v1 {

boost::json::object to_json(const Enrollment& enrollment, const Device& device) {
  boost::json::object json{{"enrolled", enrollment.enrolled_at.has_value()}, {"udid", enrollment.udid}};
  put(json, "enrolled_at", enrollment.enrolled_at);
  put(json, "ended_at", enrollment.ended_at);
  json["last_seen"] = format_rfc3339(enrollment.last_seen);
  put(json, "profile_uuid", enrollment.profile.str());
  if (enrolled_before_assigned(enrollment, device)) json["before_assigned"] = true;
  return json;
}

}  // namespace muster::api::muster_v1
