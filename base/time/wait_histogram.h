// How long something took, counted by length: a Prometheus histogram.
#pragma once

#include <array>
#include <chrono>

#include "base/time/clock.h"

namespace muster {

class WaitHistogram {
 public:
  /// The longest wait of each bucket: from the second that a test takes to the day after which an operator
  /// must have noticed.
  static constexpr std::array<Millis, 12> kBounds = {
      std::chrono::seconds(1),  std::chrono::seconds(5), std::chrono::seconds(15), std::chrono::seconds(30),
      std::chrono::minutes(1),  std::chrono::minutes(2), std::chrono::minutes(5),  std::chrono::minutes(15),
      std::chrono::minutes(30), std::chrono::hours(1),   std::chrono::hours(6),    std::chrono::hours(24)};

  /// A wait that a clock made negative counts as none.
  void add(Millis wait) {
    if (wait < Millis{}) wait = Millis{};
    size_t place = 0;
    while (place < kBounds.size() && wait > kBounds[place]) ++place;
    ++buckets_[place];
    sum_ += wait;
  }

  /// Not longer than kBounds[bound].
  long long count_up_to(size_t bound) const {
    long long count = 0;
    for (size_t place = 0; place <= bound; ++place) count += buckets_[place];
    return count;
  }
  long long count() const { return count_up_to(kBounds.size()); }
  Millis sum() const { return sum_; }

 private:
  std::array<long long, kBounds.size() + 1> buckets_{};
  Millis sum_{};
};

}  // namespace muster
