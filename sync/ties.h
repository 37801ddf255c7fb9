// Rows that cannot be ordered: Apple dates them by the second, and two of one serial may have the same (added and
// deleted, or added and modified, in either order, also on two pages). Only Apple knows what came last, so Apple is
// asked (POST /devices), before the page is stored.
#pragma once

#include <map>
#include <vector>

#include "apple/service.h"
#include "store/store.h"

namespace muster::sync {

/// The serials whose newest rows contradict each other, or what is known of that very second.
Result<std::vector<Serial>> find_ties(Reader& reader, AccountId account,
                                      const std::vector<DeviceReport>& rows);

/// Puts one row in the place of each tied serial's newest ones: what Apple says now. Where Apple gave no clear answer
/// the rows stay, and the later one counts.
void settle_ties(std::vector<DeviceReport>& rows, const std::vector<Serial>& ties,
                 const std::map<Serial, apple::DeviceDetails>& details);

}  // namespace muster::sync
