// JSON form of a device.
#pragma once

#include <boost/json/object.hpp>

#include "model/account.h"
#include "model/assignment.h"
#include "model/device.h"

namespace muster::api::muster_v1 {

/// Apple's keys first, as Apple names them, then ours.
boost::json::object to_json(const Account& account, const Device& device);

/// Why the device has not got its profile yet.
boost::json::object to_json(const Assignment& assignment);

}  // namespace muster::api::muster_v1
