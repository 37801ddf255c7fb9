// One device of Apple's list, read key by key (apple-dep-api.md section 7).
#pragma once

#include "apple/answers/json_document.h"
#include "model/device.h"

namespace muster::apple {

/// All that can be read of the row; the serial stays empty when it is missing or odd. A key of an odd form (a
/// number for a text, an unreadable date, an operation nobody knows) and every key without a field of ours
/// goes to `facts.other` as it is; what is null or "" counts as absent.
DeviceReport read_device(JsonObject row);

}  // namespace muster::apple
