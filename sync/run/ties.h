// Handles rows that cannot be ordered. Apple's dates have a resolution of one second, and two rows of a
// serial number may have the same (added and deleted, or added and modified, in either order, also across
// pages). Only Apple knows which came last, so it is asked (POST /devices). The rest of the page is stored
// without waiting, together with the question.
#pragma once

#include <vector>

#include "model/question.h"
#include "store/store.h"

namespace muster::sync {

/// The serial numbers whose newest rows conflict with each other, or with what is known of the same second;
/// also those with an unknown status.
Result<std::vector<Serial>> find_ties(Reader& reader, AccountId account,
                                      const std::vector<DeviceReport>& rows);

/// Removes the newest rows of such serial numbers from `rows`, and stores a question for each. Returns the
/// number of new questions.
Result<int> hold_ties(Writer& writer, AccountId account, std::vector<DeviceReport>& rows, Time now);

/// Converts Apple's answer into a row. `report`: what Apple reports of the device; null if Apple does not
/// have it.
DeviceReport settled_row(const Question& tie, const DeviceReport* report);

}  // namespace muster::sync
