// The four lanes of an account (model/lane.h). Each function does the lane's work to its end: until nothing is due, or an
// error stops it; everything before that is stored. The caller sees to it that a lane of an account runs once at a time.
#pragma once

#include "sync/run/lane_context.h"

namespace muster::sync {

/// Reads the list of changes to its end.
Result<> read_changes(const LaneContext& context);

/// Reads the full list, from where it was left, to its end, or for a minute: then it gives true, and is to go on at once,
/// when others had their turn. Begins a list when that is due, or `begin_now`.
Result<bool> read_full_list(const LaneContext& context, bool begin_now);

/// Asks Apple about single devices: ties, calls without an answer, assignments to be confirmed, missing devices.
Result<> ask_questions(const LaneContext& context);

/// Sends what is due, in order of urgency, and then what a backfill decides. Gives true when a part waits for pages of
/// changes that are on their way: then there is more to do within kGather.
Result<bool> send_assignments(const LaneContext& context);

/// Changes the stored state of the account's lists. Each lane changes its own members only: the others may be at work.
template <class Change>
Result<SyncState> update_state(Writer& writer, AccountId account, Change&& change) {
  MUSTER_TRY(auto state, writer.sync_state(account));
  change(state);
  MUSTER_TRY(writer.put_sync_state(account, state));
  return state;
}

}  // namespace muster::sync
