// Asks Apple which devices those of a page replace, before the page is stored.
#pragma once

#include <atomic>
#include <span>

#include "sync/accounts/run_context.h"
#include "sync/inheritance/inheritance.h"

namespace muster::sync {

/// Calls to Apple for one page: who has more waits for the lane of questions, like what Apple did not answer.
inline constexpr int kMostReplacementCalls = 20;

/// The rows of a page, and what judges them.
struct RowsToStore {
  std::span<const DeviceReport> rows;
  assign::Source source = assign::Source::sync;
  const assign::ListTime& list;
};

/// Returns the replaced devices of those rows that will make their devices inherit, as far as Apple tells.
/// Without such a row, or where the account does not want that, nothing is asked, neither Apple nor the
/// store. `is_failing`: the last call failed, which ends the calls until somebody clears it; a page does not
/// wait for them.
Result<Replaced> find_replaced(const RunContext& context, std::atomic<bool>& is_failing,
                               const RowsToStore& rows);

/// The device that `answer` names; null if it names none.
const Serial* original_in(const std::optional<apple::Replacement>& answer, const Serial& serial);

}  // namespace muster::sync
