// What a monitoring asks every few seconds: how each account stands, in the form that Prometheus reads. docs/metrics.md
// says what each number means.
#include <prometheus/text_serializer.h>

#include <sstream>

#include "api/handlers.h"
#include "api/monitoring/account_standing.h"
#include "base/log/log_writer.h"
#include "base/threads/contain.h"
#include "model/text/words.h"
#include "sync/webhook.h"

namespace muster::api {
namespace {

using muster_v1::AccountStanding;

constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";
constexpr Health::State kStates[] = {Health::State::ok,        Health::State::expiring,
                                     Health::State::expired,   Health::State::rejected,
                                     Health::State::forbidden, Health::State::terms_unsigned,
                                     Health::State::throttled, Health::State::unreachable,
                                     Health::State::impaired,  Health::State::storage};

using Labels = std::vector<prometheus::ClientMetric::Label>;

class Metrics {
 public:
  /// Begins a metric; the values that follow are its.
  void begin(const char* name, const char* help,
             prometheus::MetricType type = prometheus::MetricType::Gauge) {
    families_.push_back({name, help, type, {}});
  }
  void add(double value, Labels labels = {}) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = metric.counter.value = value;  // the one that the metric is counts
    families_.back().metric.push_back(std::move(metric));
  }
  void add(long long value, Labels labels = {}) { add(static_cast<double>(value), std::move(labels)); }
  /// In seconds, as Prometheus has times; nothing when there is none.
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

Labels of(const AccountStanding& standing) { return {{"account", standing.account.name.str()}}; }

void add_states(Metrics& metrics, const std::vector<AccountStanding>& standings) {
  metrics.begin("muster_account_state",
                "1 for the state in which the account stands with Apple, 0 for the others");
  for (const auto& standing : standings) {
    const bool has_token = standing.account.token.has_value();
    const auto add = [&](std::string_view state, bool is_it) {
      auto labels = of(standing);
      labels.push_back({"state", std::string(state)});
      metrics.add(is_it ? 1.0 : 0.0, std::move(labels));
    };
    for (const auto state : kStates) add(word(state), has_token && standing.health.state == state);
    add("not_configured", !has_token);
  }
  metrics.begin("muster_account_failures", "Attempts in a row that failed");
  for (const auto& standing : standings)
    metrics.add(static_cast<long long>(standing.health.failures), of(standing));
  metrics.begin("muster_lane_failures", "Attempts of one of the account's lanes in a row that failed");
  for (const auto& standing : standings)
    for (const Lane lane : kLanes) {
      auto labels = of(standing);
      labels.push_back({"lane", std::string(word(lane))});
      const auto trouble = standing.troubles.find(lane);
      metrics.add(trouble == standing.troubles.end() ? 0LL : static_cast<long long>(trouble->second.failures),
                  std::move(labels));
    }
  metrics.begin("muster_account_paused", "1 while a person has the account rest");
  for (const auto& standing : standings) metrics.add(standing.account.paused ? 1.0 : 0.0, of(standing));
}

void add_times(Metrics& metrics, const std::vector<AccountStanding>& standings) {
  metrics.begin("muster_token_expiry_timestamp_seconds", "When the account's token ends");
  for (const auto& standing : standings)
    if (standing.account.token) metrics.add(standing.account.token->access_token_expiry, of(standing));
  metrics.begin("muster_account_last_success_timestamp_seconds",
                "When the account's work was last done to its end");
  for (const auto& standing : standings) metrics.add(standing.record.last_success, of(standing));
  metrics.begin("muster_account_last_attempt_timestamp_seconds",
                "When the account's work last ended, well or not");
  for (const auto& standing : standings) metrics.add(standing.record.last_attempt, of(standing));
  metrics.begin("muster_account_next_full_timestamp_seconds", "When the account's full list is read again");
  for (const auto& standing : standings) metrics.add(standing.state.next_list, of(standing));
}

void add_counts(Metrics& metrics, const std::vector<AccountStanding>& standings) {
  metrics.begin("muster_devices", "Devices in the account");
  for (const auto& standing : standings) metrics.add(standing.counts.devices, of(standing));
  metrics.begin("muster_devices_uncovered", "Devices that arrived and that no rule covers");
  for (const auto& standing : standings) metrics.add(standing.counts.uncovered, of(standing));
  metrics.begin("muster_devices_contested",
                "Devices that lose their profile again and again, and are left alone");
  for (const auto& standing : standings) metrics.add(standing.counts.contested, of(standing));
  metrics.begin("muster_devices_missing",
                "Devices that a full list lacked, too many at once to be believed: a second list must agree");
  for (const auto& standing : standings) metrics.add(standing.state.many_missing, of(standing));
  metrics.begin("muster_assignments_waiting", "Assignments that are still to be done");
  for (const auto& standing : standings) metrics.add(standing.waiting, of(standing));
}

void add_connections(Metrics& metrics, const http::ServerCounts& counts) {
  using prometheus::MetricType;
  metrics.begin("muster_http_connections", "Connections to this server");
  metrics.add(counts.open);
  metrics.begin("muster_http_connections_closed_total",
                "Connections that waited for their client and were closed, so that another had room",
                MetricType::Counter);
  metrics.add(counts.closed_for_others);
  metrics.begin("muster_http_connections_refused_total",
                "Connections closed at once, because all others were at work", MetricType::Counter);
  metrics.add(counts.refused_connections);
  metrics.begin("muster_http_requests_refused_total",
                "Requests answered 503: too many waited, or too much was being uploaded",
                MetricType::Counter);
  metrics.add(counts.refused_requests);
  metrics.begin("muster_http_requests_abandoned_total", "Requests whose client hung up before the answer",
                MetricType::Counter);
  metrics.add(counts.abandoned_requests);
}

}  // namespace

Result<http::Response> get_metrics(const Call& call) {
  struct Stored {
    std::vector<AccountStanding> standings;
    long long events = 0;
  };
  MUSTER_TRY(auto stored, call.context.store.read([](Reader& reader) -> Result<Stored> {
    MUSTER_TRY(auto standings, muster_v1::account_standings(reader));
    MUSTER_TRY(const auto events, reader.event_count());
    return Stored{std::move(standings), events};
  }));

  const auto trouble = call.context.store.trouble();
  muster_v1::show_trouble(stored.standings, trouble);

  Metrics metrics;
  metrics.begin("muster_build_info", "1; the version is the label's");
  metrics.add(1.0, {{"version", MUSTER_VERSION}});
  metrics.begin("muster_storage_trouble", "1 while nothing can be stored, e.g. because the disk is full");
  metrics.add(trouble ? 1LL : 0LL);
  add_states(metrics, stored.standings);
  add_times(metrics, stored.standings);
  add_counts(metrics, stored.standings);
  metrics.begin("muster_webhook_events_waiting", "Events that the webhook's receiver has not taken yet");
  metrics.add(stored.events);
  metrics.begin("muster_webhook_events_dropped_total", "Events that were given up, since the server's start",
                prometheus::MetricType::Counter);
  metrics.add(call.context.webhook ? call.context.webhook->dropped() : 0LL);
  metrics.begin("muster_internal_errors_total",
                "Pieces of work that something unexpected ended, since the server's start",
                prometheus::MetricType::Counter);
  for (const Place place : kPlaces)
    metrics.add(internal_errors(place), {{"where", std::string(word(place))}});
  metrics.begin("muster_log_lines_dropped_total",
                "Lines of the log that nobody took in time, since the server's start",
                prometheus::MetricType::Counter);
  metrics.add(log::lines_dropped());
  if (call.context.connections) add_connections(metrics, *call.context.connections);
  if (call.context.certificate_end) {
    metrics.begin("muster_certificate_expiry_timestamp_seconds", "When the certificate of this server ends");
    metrics.add(call.context.certificate_end(), {});
  }
  return http::Response{.status = 200, .headers = {{"Content-Type", kContentType}}, .body = metrics.text()};
}

}  // namespace muster::api
