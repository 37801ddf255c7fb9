#include <algorithm>
#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "base/text/json.h"
#include "http/json.h"

namespace muster::api::micromdm {
namespace {

// Go's time.Time rejects "" and null is no date either: a time that is not set is left out.
void drop_unset_times(boost::json::object& device) {
  for (const char* name : {"profile_assign_time", "profile_push_time", "device_assigned_date", "op_date"}) {
    const auto* value = device.if_contains(name);
    if (value && (!value->is_string() || value->get_string().empty())) device.erase(name);
  }
}

boost::json::object to_json(const Serial& serial, const apple::DeviceDetails& details) {
  boost::json::object device;
  if (auto parsed = parse_json(details.json); parsed && parsed->is_object())
    device = std::move(parsed->as_object());
  drop_unset_times(device);
  device["serial_number"] = serial.str();
  return device;
}

}  // namespace

Result<http::Response> post_dep_devices(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const auto apple, connected(call));
  boost::json::object devices;
  for (std::span<const Serial> left(serials); !left.empty();) {
    const auto part = left.first(std::min(left.size(), apple::kDetailsLimit));
    left = left.subspan(part.size());
    MUSTER_TRY(const auto details,
               apple.service->device_details(part, call.context.stop, apple::DetailsJson::kept));
    for (const auto& [serial, entry] : details) devices[serial.str()] = to_json(serial, entry);
  }
  return http::json_response(200, {{"devices", std::move(devices)}});
}

}  // namespace muster::api::micromdm
