// JSON form of what MDM servers tell of a device.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <span>

#include "model/mdm/enrollment.h"
#include "store/store.h"

namespace muster::api {

/// Of devices of the account, by serial number; those of which nothing was told, or that are in another account now, are left out.
Result<std::map<Serial, Enrollment>> enrollments_of(Reader& reader, AccountId account,
                                                    std::span<const Serial> serials);

namespace muster_v1 {

/// `before_assigned`: the device enrolled before Apple assigned it to the account.
boost::json::object to_json(const Enrollment& enrollment, const Device& device);

}  // namespace muster_v1
}  // namespace muster::api
