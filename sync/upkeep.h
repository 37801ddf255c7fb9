// What a run does beside its work: it keeps what is known of the account and of Apple's clock up to date, looks for devices that
// are late, and removes old entries. What fails here is logged, and done behind a later run.
#pragma once

#include <optional>
#include <stop_token>

#include "apple/service.h"
#include "base/time/clock.h"
#include "store/store.h"

namespace muster::sync {

/// The event of a run, or of a part of one, that failed.
void log_failure(const std::string& account, Lane lane, const Error& error);

/// When a full list starts, once a day: the organisation's name, its administrator and the page limit change. An error only where
/// the list cannot be read without.
Result<> learn_account(Store& store, Account& account, apple::Service& service, std::stop_token stop);

/// Behind any run, from the dates of Apple's answers.
void remember_clock(Store& store, const Account& account, const apple::Service& service);

/// Behind a reading of the changes, if the last look (`looked_at`) is kLateEvery ago.
void look_for_late(Store& store, const Clock& clock, const Account& account, std::optional<Tick>& looked_at);

/// Behind a full list, once a day: entries of the history and of the audit that are older than `retention`.
void remove_old_entries(Store& store, const Clock& clock, const Account& account,
                        const apple::Service& service, Millis retention, std::stop_token stop);

}  // namespace muster::sync
