// GET /metrics: the state of every account in Prometheus format. docs/metrics.md documents each metric.
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <sstream>

#include "api/handlers.h"
#include "api/live/live_feed.h"
#include "api/monitoring/account_overview.h"
#include "api/monitoring/server_list.h"
#include "base/log/log_writer.h"
#include "base/threads/contain.h"
#include "model/text/words.h"
#include "sync/webhook.h"

namespace muster::api {
namespace {

constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";
constexpr Health::State kStates[] = {Health::State::ok,        Health::State::expiring,
                                     Health::State::expired,   Health::State::rejected,
                                     Health::State::forbidden, Health::State::terms_unsigned,
                                     Health::State::throttled, Health::State::unreachable,
                                     Health::State::impaired,  Health::State::storage};

using Labels = std::vector<prometheus::ClientMetric::Label>;

class Metrics {
 public:
  /// Starts a metric; the following values belong to it.
  void begin(const char* name, const char* help,
             prometheus::MetricType type = prometheus::MetricType::Gauge) {
    families_.push_back({name, help, type, {}});
  }
  void add(double value, Labels labels = {}) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = metric.counter.value = value;  // the serializer uses the one of the metric's type
    families_.back().metric.push_back(std::move(metric));
  }
  void add(long long value, Labels labels = {}) { add(static_cast<double>(value), std::move(labels)); }
  /// In seconds since the epoch, as usual in Prometheus.
  void add(const std::optional<Time>& time, Labels labels) {
    if (time) add(static_cast<double>(to_millis(*time)) / 1000, std::move(labels));
  }

  std::string text() const {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families_);
    return out.str();
  }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

Labels of(const AccountOverview& overview) { return {{"account", overview.account.name.str()}}; }

void add_states(Metrics& metrics, const std::vector<AccountOverview>& overviews) {
  metrics.begin("muster_account_state", "1 for the current state of the account, 0 for all others");
  for (const auto& overview : overviews) {
    const bool has_token = overview.account.token.has_value();
    const auto add = [&](std::string_view state, bool is_it) {
      auto labels = of(overview);
      labels.push_back({"state", std::string(state)});
      metrics.add(is_it ? 1.0 : 0.0, std::move(labels));
    };
    for (const auto state : kStates) add(word(state), has_token && overview.health.state == state);
    add("not_configured", !has_token);
  }
  metrics.begin("muster_account_failures", "Consecutive failed attempts");
  for (const auto& overview : overviews)
    metrics.add(static_cast<long long>(overview.health.failures), of(overview));
  metrics.begin("muster_lane_failures", "Consecutive failed attempts of the lane");
  for (const auto& overview : overviews)
    for (const Lane lane : kLanes) {
      auto labels = of(overview);
      labels.push_back({"lane", std::string(word(lane))});
      const auto trouble = overview.troubles.find(lane);
      metrics.add(trouble == overview.troubles.end() ? 0LL : static_cast<long long>(trouble->second.failures),
                  std::move(labels));
    }
  metrics.begin("muster_account_paused", "1 while the account is paused");
  for (const auto& overview : overviews) metrics.add(overview.account.paused ? 1.0 : 0.0, of(overview));
}

void add_times(Metrics& metrics, const std::vector<AccountOverview>& overviews) {
  metrics.begin("muster_token_expiry_timestamp_seconds", "Expiry time of the token");
  for (const auto& overview : overviews)
    if (overview.account.token) metrics.add(overview.account.token->access_token_expiry, of(overview));
  metrics.begin("muster_account_last_success_timestamp_seconds",
                "Time at which the account last completed its work");
  for (const auto& overview : overviews) metrics.add(overview.record.last_success, of(overview));
  metrics.begin("muster_account_last_attempt_timestamp_seconds",
                "Time of the last attempt, successful or not");
  for (const auto& overview : overviews) metrics.add(overview.record.last_attempt, of(overview));
  metrics.begin("muster_account_next_full_timestamp_seconds", "Time of the next read of the full list");
  for (const auto& overview : overviews) metrics.add(overview.state.next_list, of(overview));
}

void add_counts(Metrics& metrics, const std::vector<AccountOverview>& overviews) {
  metrics.begin("muster_devices", "Devices in the account");
  for (const auto& overview : overviews) metrics.add(overview.counts.devices, of(overview));
  metrics.begin("muster_devices_uncovered", "Devices that arrived and are covered by no rule");
  for (const auto& overview : overviews) metrics.add(overview.counts.uncovered, of(overview));
  metrics.begin("muster_devices_contested", "Devices that repeatedly lost their profile and are left alone");
  for (const auto& overview : overviews) metrics.add(overview.counts.contested, of(overview));
  metrics.begin("muster_devices_missing",
                "Devices missing from a full list, if there were too many to act at once");
  for (const auto& overview : overviews) metrics.add(overview.state.many_missing, of(overview));
  metrics.begin("muster_assignments_waiting", "Assignments not yet completed");
  for (const auto& overview : overviews) metrics.add(overview.waiting, of(overview));
}

void add_connections(Metrics& metrics, const http::ServerCounts& counts) {
  using prometheus::MetricType;
  metrics.begin("muster_http_connections", "Open connections");
  metrics.add(counts.open);
  metrics.begin("muster_http_connections_closed_total", "Idle connections closed to make room for new ones",
                MetricType::Counter);
  metrics.add(counts.closed_for_others);
  metrics.begin("muster_http_connections_refused_total",
                "New connections refused because all others were active", MetricType::Counter);
  metrics.add(counts.refused_connections);
  metrics.begin("muster_http_requests_refused_total",
                "Requests answered with 503: too many queued, or too much upload data", MetricType::Counter);
  metrics.add(counts.refused_requests);
  metrics.begin("muster_http_requests_abandoned_total",
                "Requests whose client disconnected before the answer", MetricType::Counter);
  metrics.add(counts.abandoned_requests);
}

Result<> add_servers(Metrics& metrics, const Call& call) {
  MUSTER_TRY(const auto servers, server_list(call));
  const auto of = [](const ServerInfo& server) { return Labels{{"server", server.name}}; };
  metrics.begin("muster_server_alive", "1 while the server renews its right to its accounts");
  for (const auto& server : servers) metrics.add(server.is_alive ? 1LL : 0LL, of(server));
  metrics.begin("muster_server_accounts", "Accounts that the server works");
  for (const auto& server : servers) metrics.add(server.is_alive ? server.accounts : 0LL, of(server));
  metrics.begin("muster_server_silent_seconds", "Time since the server last renewed its right");
  for (const auto& server : servers)
    metrics.add(static_cast<double>(server.silent_for.count()) / 1000, of(server));
  metrics.begin("muster_refused_writes_total",
                "Writes of this server that were refused because another one works the account",
                prometheus::MetricType::Counter);
  metrics.add(call.store.shared() ? call.store.shared()->refused_writes() : 0LL);
  return {};
}

Result<> add_webhooks(Metrics& metrics, const Call& call) {
  struct Found {
    std::vector<Receiver> receivers;
    FeedEnds ends;
  };
  MUSTER_TRY(const auto found, call.store.read([](Reader& reader) -> Result<Found> {
    Found all;
    MUSTER_TRY(all.receivers, reader.receivers());
    MUSTER_TRY(all.ends, reader.feed_ends());
    return all;
  }));
  const auto of = [](const Receiver& receiver) { return Labels{{"webhook", receiver.name}}; };
  metrics.begin("muster_webhook_backlog", "Entries of the feed that the webhook has not had yet");
  for (const auto& receiver : found.receivers)
    metrics.add(
        std::max(0LL, static_cast<long long>(found.ends.newest.number - receiver.progress.position.number)),
        of(receiver));
  metrics.begin("muster_webhook_status", "1 for the status of the webhook, 0 for the others");
  for (const auto& receiver : found.receivers)
    for (const auto status :
         {Receiver::Status::active, Receiver::Status::paused, Receiver::Status::disabled}) {
      auto labels = of(receiver);
      labels.push_back({"status", std::string(word(status))});
      metrics.add(receiver.status == status ? 1LL : 0LL, std::move(labels));
    }
  metrics.begin("muster_webhook_deliveries_total", "Messages by result, since the webhook was created",
                prometheus::MetricType::Counter);
  for (const auto& receiver : found.receivers) {
    const auto add = [&](const char* result, long long count) {
      auto labels = of(receiver);
      labels.push_back({"result", result});
      metrics.add(count, std::move(labels));
    };
    add("delivered", receiver.progress.delivered);
    add("failed", receiver.progress.failed);
    add("dead", receiver.progress.dead);
  }
  metrics.begin("muster_webhook_lost_total",
                "Entries of the feed that were removed before the webhook had them",
                prometheus::MetricType::Counter);
  for (const auto& receiver : found.receivers) metrics.add(receiver.progress.lost, of(receiver));
  return {};
}

// What belongs to no account: a key for some of them does not see it, as it counts what happens in all.
Result<> add_installation(Metrics& metrics, const Call& call, long long events) {
  MUSTER_TRY(add_servers(metrics, call));
  metrics.begin("muster_webhook_events_waiting", "Events that the webhook has not accepted yet");
  metrics.add(events);
  metrics.begin("muster_webhook_events_dropped_total", "Events dropped since the server started",
                prometheus::MetricType::Counter);
  metrics.add(call.context.webhook ? call.context.webhook->dropped() : 0LL);
  MUSTER_TRY(add_webhooks(metrics, call));
  metrics.begin("muster_internal_errors_total", "Unexpected errors since the server started",
                prometheus::MetricType::Counter);
  for (const Place place : kPlaces)
    metrics.add(internal_errors(place), {{"where", std::string(word(place))}});
  metrics.begin("muster_log_lines_dropped_total", "Log lines dropped since the server started",
                prometheus::MetricType::Counter);
  metrics.add(log::lines_dropped());
  if (call.context.connections) add_connections(metrics, *call.context.connections);
  metrics.begin("muster_event_listeners", "Clients that listen to events");
  metrics.add(static_cast<long long>(call.context.live_feed.listeners()));
  return {};
}

}  // namespace

Result<http::Response> get_metrics(const Call& call) {
  struct Stored {
    std::vector<AccountOverview> overviews;
    long long events = 0;
  };
  MUSTER_TRY(auto stored, call.store.read([&](Reader& reader) -> Result<Stored> {
    MUSTER_TRY(auto overviews, muster_v1::account_overviews(call, reader));
    MUSTER_TRY(const auto events, reader.event_count());
    return Stored{std::move(overviews), events};
  }));

  const auto trouble = call.store.trouble();
  muster_v1::show_storage_trouble(stored.overviews, trouble);

  Metrics metrics;
  metrics.begin("muster_build_info", "1");
  metrics.add(1.0, {{"version", MUSTER_VERSION}});
  metrics.begin("muster_storage_trouble",
                "1 while nothing can be stored, for example because the disk is full");
  metrics.add(trouble ? 1LL : 0LL);
  add_states(metrics, stored.overviews);
  add_times(metrics, stored.overviews);
  add_counts(metrics, stored.overviews);
  if (call.key.is_for_all_accounts) MUSTER_TRY(add_installation(metrics, call, stored.events));
  if (call.context.certificate_end) {
    metrics.begin("muster_certificate_expiry_timestamp_seconds", "Expiry time of the server's certificate");
    metrics.add(call.context.certificate_end(), {});
  }
  return http::Response{.status = 200, .headers = {{"Content-Type", kContentType}}, .body = metrics.text()};
}

}  // namespace muster::api
