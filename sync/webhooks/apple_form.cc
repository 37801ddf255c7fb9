#include "sync/webhooks/apple_form.h"

#include <boost/json.hpp>

#include "base/text/json.h"
#include "base/time/rfc3339.h"

namespace muster::sync {
namespace {

const char* word_of_operation(DeviceReport::Operation operation) {
  switch (operation) {
    case DeviceReport::Operation::added: return "added";
    case DeviceReport::Operation::modified: return "modified";
    case DeviceReport::Operation::deleted: return "deleted";
    case DeviceReport::Operation::none: break;
  }
  return "";
}

void put_fact(boost::json::object& json, const char* name, const std::string& value) {
  if (!value.empty()) json[name] = value;
}
void put_fact(boost::json::object& json, const char* name, const std::optional<Time>& value) {
  if (value) json[name] = format_rfc3339(*value);
}

}  // namespace

boost::json::object in_apples_form(const Device& device) {
  const DeviceFacts& facts = device.facts;
  boost::json::object json;
  put_fact(json, "asset_tag", facts.asset_tag);
  put_fact(json, "color", facts.color);
  put_fact(json, "description", facts.description);
  put_fact(json, "device_assigned_by", facts.assigned_by);
  put_fact(json, "device_assigned_date", facts.assigned_at);
  put_fact(json, "device_family", facts.family);
  json["model"] = facts.model;
  put_fact(json, "op_date", device.last_op_date);
  put_fact(json, "op_type", std::string(word_of_operation(device.last_operation)));
  put_fact(json, "os", facts.os);
  put_fact(json, "profile_assign_time", facts.profile_assign_time);
  put_fact(json, "profile_push_time", facts.profile_push_time);
  put_fact(json, "profile_status", facts.profile_status);
  put_fact(json, "profile_uuid", facts.profile_uuid.str());
  json["serial_number"] = device.serial.str();
  if (const auto other = parse_json(facts.other); other && other->is_object())
    for (const auto& member : other->get_object()) json.insert(member);
  return json;
}

}  // namespace muster::sync
