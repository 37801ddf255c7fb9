// Maintenance that a run does around its main work: it updates the account's details and Apple's clock
// offset, reports late devices, and removes old entries. Failures are logged, and a later run tries again.
#pragma once

#include <optional>
#include <stop_token>

#include "apple/service.h"
#include "base/time/clock.h"
#include "sync/accounts/run_context.h"

namespace muster::sync {

/// The event of a run, or of a part of one, that failed.
void log_failure(const std::string& account, Lane lane, const Error& error);

/// When a full list starts, once a day: the organisation's name, its administrator and the page limit change.
/// An error only where the list cannot be read without. `account` is the context's.
Result<> learn_account(const RunContext& context, Account& account);

/// Stores the clock offset that Apple's `Date` headers show. After every run.
void remember_clock(Store& store, const Account& account, const apple::Service& service);

/// After reading the list of changes, if the last check (`looked_at`) was kLateEvery ago or earlier.
void look_for_late(Store& store, const Clock& clock, const Account& account, std::optional<Tick>& looked_at);

/// After a full list, once a day: removes entries of the history and the audit that are older than
/// `retention`.
void remove_old_entries(Store& store, const Clock& clock, const Account& account,
                        const apple::Service& service, Millis retention, std::stop_token stop);

}  // namespace muster::sync
