// What a change of an account's standing with Apple makes for the webhook: docs/webhook.md.
#pragma once

#include <vector>

#include "model/account.h"
#include "model/event.h"
#include "model/health.h"

namespace muster::sync {

/// One event when the state has changed, and one when the token has come to another of kReminders, which `after` remembers.
/// The account has a token.
std::vector<Event> account_events(const Account& account, const Health& before, Health& after, Time now);

}  // namespace muster::sync
