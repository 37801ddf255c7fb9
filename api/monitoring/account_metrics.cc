#include <algorithm>
#include <map>

#include "api/monitoring/metrics.h"
#include "model/text/words.h"

namespace muster::api {
namespace {

constexpr Health::State kStates[] = {Health::State::ok,        Health::State::expiring,
                                     Health::State::expired,   Health::State::rejected,
                                     Health::State::forbidden, Health::State::terms_unsigned,
                                     Health::State::throttled, Health::State::unreachable,
                                     Health::State::impaired,  Health::State::storage};

void add_states(MetricFamilies& metrics, const std::vector<AccountOverview>& overviews) {
  metrics.begin("muster_account_state", "1 for the current state of the account, 0 for all others");
  for (const auto& overview : overviews) {
    const bool has_token = overview.account.token.has_value();
    const auto add = [&](std::string_view state, bool is_it) {
      metrics.add(is_it ? 1LL : 0LL, with(labels_of(overview), "state", state));
    };
    for (const auto state : kStates) add(word(state), has_token && overview.health.state == state);
    add("not_configured", !has_token);
  }
  metrics.begin("muster_account_failures", "Consecutive failed attempts");
  for (const auto& overview : overviews)
    metrics.add(static_cast<long long>(overview.health.failures), labels_of(overview));
  metrics.begin("muster_lane_failures", "Consecutive failed attempts of the lane");
  for (const auto& overview : overviews)
    for (const Lane lane : kLanes) {
      const auto trouble = overview.troubles.find(lane);
      metrics.add(trouble == overview.troubles.end() ? 0LL : static_cast<long long>(trouble->second.failures),
                  with(labels_of(overview), "lane", word(lane)));
    }
  metrics.begin("muster_account_paused", "1 while the account is paused");
  for (const auto& overview : overviews)
    metrics.add(overview.account.paused ? 1LL : 0LL, labels_of(overview));
}

void add_times(MetricFamilies& metrics, const std::vector<AccountOverview>& overviews) {
  metrics.begin("muster_token_expiry_timestamp_seconds", "Expiry time of the token");
  for (const auto& overview : overviews)
    if (overview.account.token) metrics.add(overview.account.token->access_token_expiry, labels_of(overview));
  metrics.begin("muster_account_last_success_timestamp_seconds",
                "Time at which the account last completed its work");
  for (const auto& overview : overviews) metrics.add(overview.record.last_success, labels_of(overview));
  metrics.begin("muster_account_last_attempt_timestamp_seconds",
                "Time of the last attempt, successful or not");
  for (const auto& overview : overviews) metrics.add(overview.record.last_attempt, labels_of(overview));
  metrics.begin("muster_account_next_full_timestamp_seconds", "Time of the next read of the full list");
  for (const auto& overview : overviews) metrics.add(overview.state.next_list, labels_of(overview));
}

Millis until(const std::optional<Time>& time, Time now) {
  return time ? std::max(*time - now, Millis{}) : Millis{};
}

void add_waits(MetricFamilies& metrics, const std::vector<AccountOverview>& overviews, Time now) {
  metrics.begin("muster_account_pause_seconds", "Rest of the pause that Apple asked for");
  for (const auto& overview : overviews)
    metrics.add(until(overview.health.not_before, now), labels_of(overview));
  metrics.begin("muster_lane_wait_seconds", "Time until the lane tries again after a failure");
  for (const auto& overview : overviews)
    for (const Lane lane : kLanes) {
      const auto trouble = overview.troubles.find(lane);
      const bool waits = trouble != overview.troubles.end();
      metrics.add(until(waits ? std::optional(trouble->second.retry_at) : std::nullopt, now),
                  with(labels_of(overview), "lane", word(lane)));
    }
}

std::string_view word_of(ProfileStatus status) {
  switch (status) {
    case ProfileStatus::empty: return "empty";
    case ProfileStatus::assigned: return "assigned";
    case ProfileStatus::pushed: return "pushed";
    case ProfileStatus::removed: return "removed";
    case ProfileStatus::unknown: break;
  }
  return "other";
}

void add_backfills(MetricFamilies& metrics, const std::vector<AccountOverview>& overviews) {
  metrics.begin("muster_backfill_planned", "Devices that the backfill is to change");
  for (const auto& overview : overviews) metrics.add(overview.backfill.planned, labels_of(overview));
  metrics.begin("muster_backfill_changed", "Devices that the backfill has changed so far");
  for (const auto& overview : overviews) metrics.add(overview.backfill.changed, labels_of(overview));
  metrics.begin("muster_backfill_paused", "1 while the backfill is paused");
  for (const auto& overview : overviews)
    metrics.add(overview.backfill.state == Backfill::State::paused ? 1LL : 0LL, labels_of(overview));
}

void add_counts(MetricFamilies& metrics, const std::vector<AccountOverview>& overviews) {
  metrics.begin("muster_devices", "Devices in the account");
  for (const auto& overview : overviews) metrics.add(overview.counts.devices, labels_of(overview));
  metrics.begin("muster_devices_by_status", "Devices in the account by the status of their profile");
  for (const auto& overview : overviews) {
    const auto by_status = overview.by_status();
    for (const auto status : {ProfileStatus::empty, ProfileStatus::assigned, ProfileStatus::pushed,
                              ProfileStatus::removed, ProfileStatus::unknown}) {
      const auto found = by_status.find(status);
      metrics.add(found == by_status.end() ? 0LL : found->second,
                  with(labels_of(overview), "status", word_of(status)));
    }
  }
  metrics.begin("muster_devices_by_rule",
                "Devices by the rule that gave their profile and the status of the profile");
  for (const auto& overview : overviews) {
    std::map<std::pair<std::string, ProfileStatus>, long long> all;  // rules that are gone have one title
    for (const auto& of : overview.devices_by_rule)
      for (const auto& [status, devices] : of.by_status) all[{of.title, status}] += devices;
    for (const auto& [of, devices] : all)
      metrics.add(devices, with(with(labels_of(overview), "rule", of.first), "status", word_of(of.second)));
  }
  metrics.begin("muster_devices_enrolled",
                "Devices in the account that are enrolled, by the rule whose profile they enrolled with");
  for (const auto& overview : overviews) {
    std::map<std::string, long long> all{{"", 0}};  // rules that are gone have one title
    for (const auto& of : overview.enrolled_by_rule) all[of.title] += of.devices;
    for (const auto& [title, devices] : all) metrics.add(devices, with(labels_of(overview), "rule", title));
  }
  metrics.begin("muster_devices_late", "Devices that did not enroll in the time of their rule, hourly");
  for (const auto& overview : overviews)
    metrics.add(overview.late_look ? overview.late_look->devices : 0LL, labels_of(overview));
  metrics.begin("muster_devices_uncovered", "Devices that arrived and are covered by no rule");
  for (const auto& overview : overviews) metrics.add(overview.counts.uncovered, labels_of(overview));
  metrics.begin("muster_devices_contested", "Devices that repeatedly lost their profile and are left alone");
  for (const auto& overview : overviews) metrics.add(overview.counts.contested, labels_of(overview));
  metrics.begin("muster_devices_missing",
                "Devices missing from a full list, if there were too many to act at once");
  for (const auto& overview : overviews) metrics.add(overview.state.many_missing, labels_of(overview));
  metrics.begin("muster_assignments_waiting", "Assignments not yet completed");
  for (const auto& overview : overviews) metrics.add(overview.waiting, labels_of(overview));
}

}  // namespace

void add_account_metrics(MetricFamilies& metrics, const std::vector<AccountOverview>& overviews, Time now) {
  add_states(metrics, overviews);
  add_times(metrics, overviews);
  add_waits(metrics, overviews, now);
  add_counts(metrics, overviews);
  add_backfills(metrics, overviews);
}

}  // namespace muster::api
