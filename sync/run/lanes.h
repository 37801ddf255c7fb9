// The four lanes of an account (model/lane.h). Each function works until nothing is due or an error stops it;
// completed work is stored. The caller ensures that each lane of an account runs once at a time.
#pragma once

#include "sync/run/lane_context.h"

namespace muster::sync {

/// The list of changes ended with a page without devices, as nearly each poll does.
struct IdleEnd {
  Cursor asked_with;
  Cursor next;
  bool proves_cursors = false;  ///< Apple accepted a cursor of the list of changes

  /// Moves the cursor. not_current_any_more() if `state` is not what Apple was asked with.
  Result<> apply_to(SyncState& state) const;
};

/// Reads the list of changes from its cursor completely. `state`: as it is stored. If it no longer is,
/// nothing of a page is stored, and the error says so (not_current_any_more()). An idle end is left to the
/// caller, who stores it with the record of the run: a poll that brings nothing costs one transaction that
/// writes, not two.
Result<std::optional<IdleEnd>> read_changes(const LaneContext& context, const SyncState& state);
/// Stores it alone, for who has no record to store with it.
Result<> store_end(const LaneContext& context, const IdleEnd& end);

/// Reads the full list, starting where the last run stopped, for up to a minute. Returns true if there is
/// more: it should continue after other lanes have run. Starts a new list if one is due, or if `begin_now`.
Result<bool> read_full_list(const LaneContext& context, bool begin_now);

/// Whether read_full_list() would start a list rather than continue one.
bool begins_full_list(const SyncState& state, bool begin_now, Time now);

/// Asks Apple about single devices: ties, calls without an answer, assignments to be confirmed, missing
/// devices.
Result<> ask_questions(const LaneContext& context);

struct Sent {
  bool waits = false;  ///< a partial batch waits for pages of changes: there is more to do within kGather
  bool asked = false;  ///< Apple was called, and has answered: that this works says that the lane does
};
/// Sends due assignments in order of urgency, then those that a backfill decides.
Result<Sent> send_assignments(const LaneContext& context);

/// Changes the stored positions in the account's lists. Each lane changes only its own members, because other
/// lanes may run at the same time.
template <class Change>
Result<SyncState> update_state(Writer& writer, AccountId account, Change&& change) {
  MUSTER_TRY(auto state, writer.sync_state(account));
  change(state);
  MUSTER_TRY(writer.put_sync_state(account, state));
  return state;
}

}  // namespace muster::sync
