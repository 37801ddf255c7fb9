// One device's life at Apple, as RapidCheck makes it up, and the rows of changes that it leaves.
#pragma once

#include <vector>

#include "model/device.h"

namespace muster::property {

inline const Time kBegin = from_millis(1'772'355'600'000);

/// The device as the baseline had it.
DeviceReport baseline_row();

enum class Leaving {
  too,   ///< it may leave, and come again
  never  ///< what was in the baseline stays
};

/// Up to eight rows in order of their dates, a second apart at least, each a snapshot of the device as Apple
/// then had it. To be called inside of a property. A device that was `here` in the beginning leaves before it
/// comes again.
std::vector<DeviceReport> any_story(bool here, Leaving leaving = Leaving::too);

}  // namespace muster::property
