// Creates the webhook's events from changes of an account's state: docs/webhook.md.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "model/account.h"
#include "model/event.h"
#include "model/health.h"

namespace muster::sync {

/// Adds how the account stands with Apple: docs/webhook.md. The account has a token.
void add_standing(boost::json::object& json, const Account& account, const Health& health, Time now);

/// One event if the state changed, and one if a reminder of the token's expiry is due (kReminders), which
/// `after` records. The account has a token.
std::vector<Event> account_events(const Account& account, const Health& before, Health& after, Time now);

}  // namespace muster::sync
