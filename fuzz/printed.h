// A device row printed as Apple writes it, for what must hold: what was read and printed is read as the same.
#pragma once

#include <string>

#include "model/device.h"

namespace muster::fuzz {

/// The row as a JSON object, keys as Apple names them; what is empty is left out.
std::string print_row(const DeviceReport& report);

}  // namespace muster::fuzz
