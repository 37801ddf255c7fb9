// Rows that cannot be ordered: Apple dates them by the second, and two of one serial may have the same (added and
// deleted, or added and modified, in either order, also on two pages). Only Apple knows what came last, so Apple is
// asked (POST /devices). The page does not wait for that: the rest of it is stored, and the question with it.
#pragma once

#include <vector>

#include "model/question.h"
#include "store/store.h"

namespace muster::sync {

/// The serials whose newest rows contradict each other, or what is known of that very second; also those of which a row
/// says a word that nobody knows.
Result<std::vector<Serial>> find_ties(Reader& reader, AccountId account,
                                      const std::vector<DeviceReport>& rows);

/// Takes the newest rows of such serials out of `rows`, and stores a question for each. Gives how many are new: one that
/// is asked already is not asked anew.
Result<int> hold_ties(Writer& writer, AccountId account, std::vector<DeviceReport>& rows, Time now);

/// The row that Apple's answer makes of a tie. `report`: what Apple reports of the device, null when it does not have it.
DeviceReport settled_row(const Question& tie, const DeviceReport* report);

}  // namespace muster::sync
