// Metrics in the making: names, labels and values, and their text for Prometheus.
#pragma once

#include <prometheus/metric_family.h>

#include <optional>
#include <string>
#include <vector>

#include "base/time/wait_histogram.h"

namespace muster::api {

using Labels = std::vector<prometheus::ClientMetric::Label>;

class MetricFamilies {
 public:
  /// Starts a metric; the following values belong to it. `help` is also in docs/metrics.md.
  void begin(const char* name, const char* help,
             prometheus::MetricType type = prometheus::MetricType::Gauge) {
    families_.push_back({name, help, type, {}});
  }
  void begin_counter(const char* name, const char* help) {
    begin(name, help, prometheus::MetricType::Counter);
  }
  /// Metrics of one value, without labels.
  template <class Value>
  void add_gauge(const char* name, const char* help, const Value& value) {
    begin(name, help);
    add(value);
  }
  template <class Value>
  void add_counter(const char* name, const char* help, const Value& value) {
    begin_counter(name, help);
    add(value);
  }

  void add(double value, Labels labels = {});
  void add(long long value, Labels labels = {}) { add(static_cast<double>(value), std::move(labels)); }
  /// In seconds, as usual in Prometheus.
  void add(Millis duration, Labels labels = {}) {
    add(static_cast<double>(duration.count()) / 1000, std::move(labels));
  }
  /// In seconds since the epoch; nothing for no time.
  void add(const std::optional<Time>& time, Labels labels = {}) {
    if (time) add(time->time_since_epoch(), std::move(labels));
  }
  void add(const WaitHistogram& waits, Labels labels = {});

  std::string text() const;

 private:
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace muster::api
