// A device with Apple's keys, as NanoDEP's clients know it.
#pragma once

#include <boost/json/object.hpp>

#include "model/device.h"

namespace muster::sync {

/// What Apple says of it, without what it does not say.
boost::json::object in_apples_form(const Device& device);

}  // namespace muster::sync
