// Time, and figures that were taken several times.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace muster::bench {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// One figure, taken in every run.
class Samples {
 public:
  void add(double value) { values_.push_back(value); }
  void add(const Samples& other) {
    values_.insert(values_.end(), other.values_.begin(), other.values_.end());
  }
  bool empty() const { return values_.empty(); }
  double last() const { return values_.back(); }
  double median() const { return quantile(0.5); }
  double most() const { return quantile(1.0); }
  /// The value below which this part of them lies; 0 when there are none.
  double quantile(double part) const {
    if (values_.empty()) return 0;
    auto sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    const double place = part * static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<size_t>(place + 0.5)];
  }

 private:
  std::vector<double> values_;
};

}  // namespace muster::bench
