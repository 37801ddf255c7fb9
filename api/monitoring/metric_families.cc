#include "api/monitoring/metric_families.h"

#include <prometheus/text_serializer.h>

#include <sstream>

namespace muster::api {

void MetricFamilies::add(double value, Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.gauge.value = metric.counter.value = value;  // the serializer uses the one of the metric's type
  families_.back().metric.push_back(std::move(metric));
}

void MetricFamilies::add(const WaitHistogram& waits, Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  auto& histogram = metric.histogram;
  histogram.sample_count = static_cast<std::uint64_t>(waits.count());
  histogram.sample_sum = static_cast<double>(waits.sum().count()) / 1000;
  for (size_t bound = 0; bound < WaitHistogram::kBounds.size(); ++bound)
    histogram.bucket.push_back({static_cast<std::uint64_t>(waits.count_up_to(bound)),
                                static_cast<double>(WaitHistogram::kBounds[bound].count()) / 1000});
  families_.back().metric.push_back(std::move(metric));
}

std::string MetricFamilies::text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families_);
  return out.str();
}

}  // namespace muster::api
