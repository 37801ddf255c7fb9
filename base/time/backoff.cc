#include "base/time/backoff.h"

#include <algorithm>
#include <random>

namespace muster {
namespace {

using namespace std::chrono_literals;

std::mt19937_64& engine() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return engine;
}

double random_between(double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(engine());
}

Millis scaled(Millis wait, double low, double high) {
  return Millis(static_cast<long long>(static_cast<double>(wait.count()) * random_between(low, high)));
}

// `first` doubled `times`, at most `most`.
Millis doubled(Millis first, Millis most, int times) {
  constexpr int kMostDoublings = 30;  // beyond any `max_changes` here, and far from overflow
  return std::min(most, Millis(first.count() << std::clamp(times, 0, kMostDoublings)));
}

}  // namespace

void seed_jitter(std::uint64_t seed) { engine().seed(seed); }

Time Waits::after(Millis wait) { return now_ + wait; }

Time Waits::retry_after(Millis wait) {
  if (wait == 0ms) return now_;
  const auto [at, is_new] = retries_.try_emplace(wait);
  if (is_new) at->second = now_ + std::max(wait, std::min(kLongestRetry, scaled(wait, 1.0, 1.1)));
  return at->second;
}

Millis unclear_wait(int attempts) { return doubled(15min, kLongestRetry, attempts - 1); }
Millis account_wait(int failures) { return scaled(doubled(1s, 15min, 2 * (failures - 1)), 1.0, 1.1); }
Millis refetch_wait(int troubles) { return scaled(doubled(15min, 2h, troubles - 1), 1.0, 1.1); }
Millis spread(Millis interval) { return scaled(interval, 0.9, 1.1); }
Millis longest_spread(Millis interval) { return interval * 11 / 10; }

}  // namespace muster
