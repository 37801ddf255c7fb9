// JSON form of what MDM servers tell of a device.
#pragma once

#include <boost/json/object.hpp>

#include "model/mdm/enrollment.h"

namespace muster::api::muster_v1 {

/// `before_assigned`: the device enrolled before Apple assigned it to the account.
boost::json::object to_json(const Enrollment& enrollment, const Device& device);

}  // namespace muster::api::muster_v1
