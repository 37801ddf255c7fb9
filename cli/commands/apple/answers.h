// What Apple is asked to do to devices that an operator names: the devices before, and Apple's words after.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/client/call.h"

namespace muster::cli {

/// A table of the answer's `devices`. How many they are.
size_t print_devices_named(Call& call, const boost::json::object& answer);

/// Warns of each device whose word in the answer's `devices` is not SUCCESS, in the order in which they were
/// named. `done`: `locked`. How many others there are.
size_t warn_of_rejected(Call& call, const boost::json::object& answer,
                        const std::vector<std::string>& serials, const std::string& done);

}  // namespace muster::cli
