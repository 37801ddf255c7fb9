#include "api/monitoring/metrics.h"
#include "model/text/words.h"

namespace muster::api {
namespace {

struct Worked {
  Labels labels;
  sync::AccountCounts::Values work;
  apple::CallCounts::Values calls;
};

template <class Fn>
void for_each_lane(const std::vector<Worked>& accounts, const Fn& fn) {
  for (const auto& account : accounts)
    for (const Lane lane : kLanes)
      fn(account.work.lanes[static_cast<size_t>(lane)], with(account.labels, "lane", word(lane)));
}

void add_runs(MetricFamilies& metrics, const std::vector<Worked>& accounts, Tick now) {
  metrics.begin_counter("muster_runs_total", "Runs that have ended since the server started");
  for_each_lane(accounts, [&](const sync::LaneCounts& lane, const Labels& labels) {
    metrics.add(lane.done, with(labels, "result", "done"));
    metrics.add(lane.failed, with(labels, "result", "failed"));
  });
  metrics.begin_counter("muster_run_seconds_total", "Duration of all runs that have ended");
  for_each_lane(accounts,
                [&](const sync::LaneCounts& lane, const Labels& labels) { metrics.add(lane.time, labels); });
  metrics.begin("muster_run_last_seconds", "Duration of the last run");
  for_each_lane(accounts, [&](const sync::LaneCounts& lane, const Labels& labels) {
    if (lane.last) metrics.add(*lane.last, labels);
  });
  metrics.begin("muster_run_age_seconds", "Time since the run in progress began");
  for_each_lane(accounts, [&](const sync::LaneCounts& lane, const Labels& labels) {
    metrics.add(lane.running ? Millis(now - *lane.running) : Millis{}, labels);
  });
  metrics.begin_counter("muster_pages_total",
                        "Pages of Apple's device lists stored since the server started");
  for (const auto& account : accounts)
    for (const Lane lane : {Lane::changes, Lane::full_list})
      metrics.add(account.work.lanes[static_cast<size_t>(lane)].pages,
                  with(account.labels, "lane", word(lane)));
}

void add_calls(MetricFamilies& metrics, const std::vector<Worked>& accounts) {
  metrics.begin_counter("muster_apple_calls_total", "Calls to Apple since the server started");
  for (const auto& account : accounts)
    for (const auto& [kind, count] : account.calls.calls) {
      auto labels = with(account.labels, "endpoint", kind.endpoint);
      labels = with(std::move(labels), "status", kind.status == 0 ? "none" : std::to_string(kind.status));
      metrics.add(count, with(std::move(labels), "code", kind.code));
    }
  metrics.begin_counter("muster_apple_pauses_total", "Answers in which Apple asked for a pause");
  for (const auto& account : accounts) metrics.add(account.calls.pauses, account.labels);
  metrics.begin_counter("muster_apple_pause_seconds_total", "Duration of the pauses that Apple asked for");
  for (const auto& account : accounts) metrics.add(account.calls.paused, account.labels);
}

void add_assignments(MetricFamilies& metrics, const std::vector<Worked>& accounts, Time now) {
  metrics.begin_counter("muster_assignment_answers_total",
                        "Devices in calls that assign a profile, by Apple's answer");
  for (const auto& account : accounts)
    for (const auto& [answer, count] : account.calls.assigned)
      metrics.add(count, with(account.labels, "answer", answer));
  metrics.begin_counter("muster_arrivals_total", "Devices that arrived since the server started, by rule");
  for (const auto& account : accounts)
    for (const auto& [rule, count] : account.work.arrivals)
      metrics.add(count, with(account.labels, "rule", rule));
  metrics.begin("muster_oldest_unassigned_arrival_seconds",
                "Time since the first of the devices arrived that wait for their profile");
  for (const auto& account : accounts) {
    const auto& oldest = account.work.oldest_arrival;
    metrics.add(oldest ? std::max(now - *oldest, Millis{}) : Millis{}, account.labels);
  }
  metrics.begin("muster_arrival_to_assigned_seconds",
                "Time from the arrival of a device to Apple's report that it has its profile",
                prometheus::MetricType::Histogram);
  for (const auto& account : accounts)
    if (account.work.assigned_after.count() > 0) metrics.add(account.work.assigned_after, account.labels);
}

}  // namespace

void add_work_metrics(MetricFamilies& metrics, const std::vector<AccountOverview>& overviews,
                      const sync::WorkCounts& counts, const Clock& clock) {
  const auto all = counts.all();
  std::vector<Worked> accounts;
  for (const auto& overview : overviews)
    if (const auto found = all.find(overview.account.id); found != all.end())
      accounts.push_back({.labels = labels_of(overview),
                          .work = found->second->values(),
                          .calls = found->second->calls->values()});
  const auto [now, tick] = clock.moment();
  add_runs(metrics, accounts, tick);
  add_calls(metrics, accounts);
  add_assignments(metrics, accounts, now);
}

}  // namespace muster::api
