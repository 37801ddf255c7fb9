// Creates the webhook's events from changes of an account's state: docs/webhook.md.
#pragma once

#include <vector>

#include "model/account.h"
#include "model/event.h"
#include "model/health.h"

namespace muster::sync {

/// One event if the state changed, and one if a reminder of the token's expiry is due (kReminders), which
/// `after` records. The account has a token.
std::vector<Event> account_events(const Account& account, const Health& before, Health& after, Time now);

}  // namespace muster::sync
