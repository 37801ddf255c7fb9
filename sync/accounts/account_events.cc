#include "sync/accounts/account_events.h"

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "model/text/words.h"
#include "sync/accounts/health.h"

namespace muster::sync {
namespace {

boost::json::object standing(const Account& account, const Health& health, Time now) {
  boost::json::object json{{"account", account.name.str()}};
  add_standing(json, account, health, now);
  return json;
}

// In the form of what MicroMDM and NanoMDM post.
Event event(const Account& account, const char* topic, boost::json::object about, Time now) {
  const boost::json::object body{{"topic", topic},
                                 {"event_id", random_uuid()},
                                 {"created_at", format_rfc3339_millis(now)},
                                 {"account_event", std::move(about)}};
  return {.account = account.id, .created_at = now, .body = write_json(body)};
}

// The last reminder that is due; nothing before the first. In whole days, as days_left() counts: a token that
// ends in 60 days and some hours ends in 60 days.
std::optional<Time> reminder_due(const TokenInfo& token, Time now) {
  std::optional<Time> last;
  if (!token.access_token_expiry) return last;
  for (const int step : kReminders)
    if (const Time due = *token.access_token_expiry - std::chrono::days(step + 1); due < now) last = due;
  return last;
}

}  // namespace

void add_standing(boost::json::object& json, const Account& account, const Health& health, Time now) {
  json["state"] = std::string(word(health.state));
  json["apple_code"] = health.word;
  json["message"] = health.message;
  json["remedy"] = health.remedy;
  if (health.since) json["since"] = format_rfc3339(*health.since);
  if (const auto days = days_left(*account.token, now)) json["days_left"] = *days;
}

std::vector<Event> account_events(const Account& account, const Health& before, Health& after, Time now) {
  std::vector<Event> events;
  if (after.state != before.state) {
    auto about = standing(account, after, now);
    about["state_before"] = std::string(word(before.state));
    events.push_back(event(account, "muster.AccountState", std::move(about), now));
  }
  if (const auto due = reminder_due(*account.token, now); due && due != before.reminded) {
    events.push_back(event(account, "muster.TokenExpiry", standing(account, after, now), now));
    after.reminded = due;
  }
  return events;
}

}  // namespace muster::sync
