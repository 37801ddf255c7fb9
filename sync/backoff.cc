#include "sync/backoff.h"

#include <algorithm>
#include <random>

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

double random_between(double low, double high) {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(low, high)(engine);
}

Millis scaled(Millis wait, double low, double high) {
  return Millis(static_cast<long long>(static_cast<double>(wait.count()) * random_between(low, high)));
}

// `first` doubled `times`, at most `most`.
Millis doubled(Millis first, Millis most, int times) {
  constexpr int kMostDoublings = 30;  // beyond any `most` here, and far from overflow
  return std::min(most, Millis(first.count() << std::clamp(times, 0, kMostDoublings)));
}

}  // namespace

Millis device_wait(int attempts) { return scaled(doubled(10min, 24h, attempts - 1), 1.0, 1.1); }
Millis DeviceWaits::after(int attempts) {
  const auto [at, is_new] = by_attempts_.try_emplace(attempts);
  if (is_new) at->second = device_wait(attempts);
  return at->second;
}

Millis account_wait(int failures) { return scaled(doubled(1s, 15min, 2 * (failures - 1)), 1.0, 1.1); }
Millis refetch_wait(int troubles) { return scaled(doubled(15min, 24h, troubles - 1), 1.0, 1.1); }
Millis spread(Millis interval) { return scaled(interval, 0.9, 1.1); }

}  // namespace muster::sync
