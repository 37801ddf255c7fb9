// The context of a run, and the memory that the lanes of an account share.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "model/sent_batch.h"
#include "sync/accounts/report.h"
#include "sync/accounts/run_context.h"
#include "sync/accounts/work_counts.h"
#include "sync/run/device_marks.h"

namespace muster::sync {

/// The devices that a full list has contained so far. Kept in memory only: a list that continues after a
/// restart cannot prove absence.
struct ListMarks {
  long long list_number = 0;    ///< SyncState::list_number of this list
  bool proves_absence = false;  ///< read without interruption, every row readable
  long long pages = 0;          ///< since the start, or since the last time there were too many
  DeviceMarks listed;           ///< contained in the list
  DeviceMarks changed;          ///< contained in changes read in the meantime
};

/// An assign call that Apple answered with SUCCESS for these devices. The answer is not stored, because Apple
/// is asked at once and the result of that is. After a crash, the sent batch makes Muster ask.
struct HeldBatch {
  std::vector<SentBatch> sent;
  std::vector<Assignment> assignments;
};

/// Shared by an account's lanes. Not needed after a restart.
struct AccountMemory {
  Guarded<ListMarks> marks;
  Guarded<std::deque<HeldBatch>> held;
  /// The batches of `held`, and of those that the lane of questions has taken from there.
  Guarded<std::set<SentBatchId>> held_batches;
  /// More pages of changes are being read: partial batches may wait for them.
  std::atomic<bool> changes_are_coming = false;
  /// What came of each batch that was sent is stored, or held. Not when the process begins, nor behind a run
  /// that failed.
  std::atomic<bool> sent_is_accounted_for = false;
  /// The questions lane works: held batches will be asked about soon.
  std::atomic<bool> questions_work = true;
  /// Apple rejected every call about devices since it last answered one: the calls themselves may be the
  /// reason.
  std::atomic<bool> details_are_rejected = false;
  /// Apple did not answer the last call about a replacement: pages do not ask, before the lane of questions
  /// was answered.
  std::atomic<bool> replacements_are_failing = false;
  /// The cursor for changes that Apple rejected, until Apple accepts it or sends another. Rejecting it again
  /// is no new trouble.
  Guarded<std::string> refused_cursor;
  /// The cursor for changes that a full list provided. If Apple accepts it, that does not prove that cursors
  /// of the list of changes work again.
  Guarded<std::string> list_cursor;
  /// Start of the first full list by our clock, until Apple's clock is known. Used by the full list's lane
  /// only.
  std::optional<Time> undated_baseline;
  /// When late devices were looked for (sync/enrollment/late.h). Used by the lane of changes only.
  std::optional<Tick> looked_for_late;
  Guarded<Report> report;  ///< of the current sync
  /// Those of the account, which outlive this memory; here so that every lane can count.
  std::shared_ptr<AccountCounts> counts = std::make_shared<AccountCounts>();
};

struct LaneContext : RunContext {
  AccountMemory& memory;
  int failures = 0;  ///< consecutive failures of the lane before this run
  /// Set on an error whose retry time differs from the lane's usual back-off.
  std::optional<Millis>& retry_in;
  bool read_ahead = true;                     ///< request and decode pages ahead, in threads of their own
  Millis interval = std::chrono::minutes(2);  ///< between two reads of the list of changes
};

/// How long a partial batch waits for pages of changes.
inline constexpr Millis kGather = std::chrono::seconds(1);

}  // namespace muster::sync
