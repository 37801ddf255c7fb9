// A page of one of Apple's lists becomes durable, with the position behind it: what both lists' lanes do with a page.
#pragma once

#include <functional>

#include "sync/run/lane_context.h"
#include "sync/run/page.h"
#include "sync/run/page_reader.h"

namespace muster::sync {

/// Pages in a row that promise more and bring nothing. More would be a loop, whatever cursors Apple gives.
inline constexpr int kMostIdlePages = 3;

/// Pages of a reading, which goes on with the next one: four million devices, more than anybody has waiting at once, where pages
/// are full. More would be a list that grows as fast as it is read.
inline constexpr long long kMostPages = 4000;

/// The most devices that the account's pages may have.
int page_limit(const Account& account);

struct StoredPage {
  PageOutcome outcome;
  int ties = 0;  ///< questions that are new
  SyncState state;
};

/// Stores the page's rows with all that follows from them, and then what `advance` makes of the state, in one transaction;
/// `advance` also gets the outcome, and may write. Marks the page's devices as listed when a full list is under way, logs the
/// page, and wakes the lanes that got work. Durable at once when the page is an end. `known`: the state as the page was asked
/// for, which dates the lists.
Result<StoredPage> store_page(
    const LaneContext& context, AppleList list, assign::Source source, const SyncState& known, ListPage& page,
    const std::function<Result<>(Writer&, const PageOutcome&, SyncState&)>& advance);

/// The error of an answer that lacks one of its keys: its rows are stored, its cursor is not.
Error incomplete_answer(AppleList list);
/// The error of a list that goes round.
Error repeated_cursor(AppleList list);
/// The error of a list that has not ended after `pages`.
Error endless_list(AppleList list, long long pages);

}  // namespace muster::sync
