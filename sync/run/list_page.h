// Stores a page of one of Apple's lists with the position after it; shared by both list lanes.
#pragma once

#include <functional>

#include "sync/run/lane_context.h"
#include "sync/run/page.h"
#include "sync/run/page_reader.h"

namespace muster::sync {

/// Consecutive pages that announce more but contain nothing new. More would be a loop, whatever their
/// cursors.
inline constexpr int kMostIdlePages = 3;

/// Pages per read of a list; the next run continues. Enough for four million devices if pages are full. More
/// would be a list that grows as fast as it is read.
inline constexpr long long kMostPages = 4000;

/// The account's limit of devices per page.
int page_limit(const Account& account);

struct StoredPage {
  PageOutcome outcome;
  int ties = 0;  ///< new questions
  SyncState state;
};

/// Stores the page's rows and their consequences, then the state that `advance` returns, in one transaction;
/// `advance` gets the outcome and may write. Marks the devices as listed if a full list is in progress, logs
/// the page, and wakes lanes that have new work. The last page is durable at once. `known`: the state when
/// the page was requested, which dates the lists.
Result<StoredPage> store_page(
    const LaneContext& context, AppleList list, assign::Source source, const SyncState& known, ListPage& page,
    const std::function<Result<>(Writer&, const PageOutcome&, SyncState&)>& advance);

/// Logs and counts a page that had `row_count` rows.
void tell_page(const LaneContext& context, AppleList list, const ListPage& page, size_t row_count,
               const PageOutcome& outcome);

/// Logs the warnings of rows that were stored, of a list or of Apple's answers to questions, and counts what
/// they came to.
void tell_outcome(const LaneContext& context, const PageOutcome& outcome);

/// The answer lacks a key: its rows are stored, its cursor is not.
Error incomplete_answer(AppleList list);
/// The list repeats.
Error repeated_cursor(AppleList list);
/// The list has not ended after `pages`.
Error endless_list(AppleList list, long long pages);

}  // namespace muster::sync
