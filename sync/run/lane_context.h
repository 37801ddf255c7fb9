// What a lane's turn works with, and what the lanes of one account share in memory.
#pragma once

#include <atomic>
#include <deque>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "model/sent_batch.h"
#include "sync/accounts/report.h"
#include "sync/accounts/run_context.h"
#include "sync/run/device_marks.h"

namespace muster::sync {

/// Which devices a full list has shown so far. In memory only: a list that goes on after a restart cannot tell who is
/// absent.
struct ListMarks {
  long long list_number = 0;    ///< SyncState::list_number of the list
  bool proves_absence = false;  ///< read from its beginning, unbroken, every row readable
  long long pages = 0;          ///< since it was begun, or last found to have too many
  DeviceMarks listed;           ///< by the list
  DeviceMarks told;             ///< by changes that came meanwhile
};

/// An assign call that Apple answered with SUCCESS for these devices. The answer is not stored: a question to Apple follows
/// at once, and what comes of that is. A crash in between finds the sent batch, and asks.
struct HeldBatch {
  std::vector<SentBatch> sent;
  std::vector<Assignment> assignments;
};

/// Shared by an account's lanes. Nothing in it is needed after a restart.
struct AccountMemory {
  Guarded<ListMarks> marks;
  Guarded<std::deque<HeldBatch>> held;
  /// More pages of changes are on their way: assign calls that are not full yet may wait for them.
  std::atomic<bool> changes_are_coming = false;
  /// Sent batches of a process that died were found and marked.
  std::atomic<bool> recovered = false;
  /// The lane of questions gets on: what is held is asked about soon.
  std::atomic<bool> questions_work = true;
  /// The cursor for changes that Apple refused, until it takes it or gives another: tried again, it is no new trouble.
  Guarded<std::string> refused_cursor;
  /// The cursor for changes that a full list gave. That Apple takes it does not tell that its own cursors work again.
  Guarded<std::string> list_cursor;
  /// When the first full list began, by our clock, until Apple's clock is known. The lane of the full list's only.
  std::optional<Time> undated_baseline;
  Guarded<Report> report;  ///< since the account was last at rest
};

struct LaneContext : RunContext {
  AccountMemory& memory;
  int failures = 0;  ///< of the lane, in a row, before this turn
  /// After an error: when to try again, where that is not the lane's usual back-off.
  std::optional<Millis>& retry_in;
  bool read_ahead = true;  ///< ask for pages while others are stored, by threads of their own
  Millis interval = std::chrono::minutes(2);  ///< between two readings of the list of changes
};

/// The time until a partial assign call stops waiting for pages that are on their way.
inline constexpr Millis kGather = std::chrono::seconds(1);

}  // namespace muster::sync
