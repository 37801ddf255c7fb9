#include <boost/json.hpp>

#include "api/handlers.h"
#include "api/json/funnel.h"
#include "api/members.h"
#include "api/monitoring/account_overview.h"
#include "base/time/rfc3339.h"
#include "http/json.h"
#include "model/text/account_name.h"
#include "model/text/words.h"
#include "sync/accounts/health.h"

namespace muster::api::muster_v1 {
namespace {

boost::json::array lanes_json(const AccountOverview& overview, const sync::Scheduler::Status& status) {
  boost::json::array lanes;
  for (const Lane lane : kLanes) {
    boost::json::object json{{"lane", std::string(word(lane))}, {"running", status.of(lane).running}};
    if (const auto& next = status.of(lane).next_due) json["next_run"] = format_rfc3339_millis(*next);
    const auto found = overview.troubles.find(lane);
    json["state"] =
        std::string(word(found == overview.troubles.end() ? Health::State::ok : found->second.state));
    if (found != overview.troubles.end()) {
      const LaneTrouble& trouble = found->second;
      json["since"] = format_rfc3339(trouble.since);
      json["failures"] = trouble.failures;
      json["retry_at"] = format_rfc3339_millis(trouble.retry_at);
      put(json, "apple_code", trouble.word);
      put(json, "message", trouble.message);
      put(json, "remedy", trouble.remedy);
    }
    lanes.push_back(std::move(json));
  }
  return lanes;
}

boost::json::object to_json(const AccountOverview& overview, const sync::Scheduler::Status& status,
                            Time now) {
  const Health& health = overview.health;
  const Account& account = overview.account;
  boost::json::object json{{"name", account.name.str()},
                           {"paused", account.paused},
                           {"inherit_replacements", account.inherit_replacements}};
  if (!account.token) {
    json["state"] = "not_configured";
    json["message"] = "The account has no token";
    const std::string flag = account_flag(account.name);
    json["remedy"] =
        "Run `mdmctl get dep-tokens" + flag +
        " -export-public-key FILE`, upload FILE to Apple Business or Apple School Manager, download the "
        "token there, and run `mdmctl apply dep-tokens" +
        flag + " -import FILE`";
  } else {
    json["state"] = std::string(word(health.state));
    put(json, "since", health.since);
    put(json, "apple_code", health.word);
    put(json, "message", health.message);
    put(json, "remedy", health.remedy);
    put(json, "not_before", health.not_before);
    if (const auto days = sync::days_left(*account.token, now)) json["days_left"] = *days;
  }
  json["running"] = status.running;
  if (status.next_due) json["next_run"] = format_rfc3339_millis(*status.next_due);  // to compare with `now`
  put(json, "next_full", overview.state.next_list);
  json["lanes"] = lanes_json(overview, status);
  if (overview.state.many_missing_since) {
    json["missing"] = overview.state.many_missing;
    put(json, "missing_since", overview.state.many_missing_since);
  }
  put(json, "last_attempt", overview.record.last_attempt);
  put(json, "last_success", overview.record.last_success);
  put(json, "last_error", overview.record.last_error);
  json["devices"] = overview.counts.devices;
  json["waiting"] = overview.waiting;
  json["uncovered"] = overview.counts.uncovered;
  json["contested"] = overview.counts.contested;
  if (overview.late_look) json["late"] = overview.late_look->devices;
  json["funnel"] = funnel_json(overview.by_status(), enrolled_of_all(overview.enrolled_by_rule));
  if (account.apple) {
    put(json, "server_name", account.apple->server_name);
    put(json, "org_name", account.apple->org_name);
  }
  return json;
}

}  // namespace

Result<http::Response> get_accounts(const Call& call) {
  MUSTER_TRY(auto overviews,
             call.store.read([&](Reader& reader) { return account_overviews(call, reader); }));
  show_storage_trouble(overviews, call.store.trouble());
  // The clock before the schedule: what is due by `now` is not quiet.
  const Time now = call.context.clock.now();
  std::vector<sync::Runs::Known> known;
  for (const auto& overview : overviews) {
    const Account& account = overview.account;
    known.push_back({account.id, account.token && !account.paused, overview.record.last_attempt});
  }
  MUSTER_TRY(const auto statuses, call.context.runs.statuses(known));
  boost::json::array list;
  for (const auto& overview : overviews)
    list.push_back(to_json(overview, statuses.at(overview.account.id), now));
  return http::json_response(200,
                             boost::json::object{{"now", format_rfc3339_millis(now)}, {"accounts", list}});
}

}  // namespace muster::api::muster_v1
