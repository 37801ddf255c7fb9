// Counts wrong keys by address: who guesses is slowed down and shows in the log, with a line a minute.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/guarded.h"
#include "base/time/clock.h"

namespace muster::api {

class WrongKeys {
 public:
  /// So many from an address are free in a minute. Of more addresses than this the oldest are forgotten.
  static constexpr long long kFree = 10;
  static constexpr Millis kMinute = std::chrono::minutes(1);
  static constexpr size_t kMostAddresses = 10'000;
  /// Writes that so many came from there since the last line about it.
  using Tell = std::function<void(const std::string& address, long long count)>;

  explicit WrongKeys(Tell tell) : tell_(std::move(tell)) {}

  /// One came. How long until that address may try again, when it has sent too many.
  std::optional<Millis> add(const std::string& peer, Tick now);
  /// The same for an address that sends nothing wrong at present.
  std::optional<Millis> wait_of(const std::string& peer, Tick now) const;
  /// Whether some address has sent too many.
  bool has_refused(Tick now) const;
  /// Tells what was not told yet of minutes that are over. Call it now and then.
  void tell_rest(Tick now);

 private:
  struct Minute {
    Tick began{};
    long long count = 0;
    long long untold = 0;
  };
  using Minutes = std::unordered_map<std::string, Minute>;

  static std::optional<Millis> wait_of(const Minute& minute, Tick now);
  void end_minutes(Minutes& minutes, Tick now);

  const Tell tell_;
  Guarded<Minutes> minutes_;
};

/// Addresses that one client has many of count as one: the first half of an IPv6 address,
/// `2001:db8:0:1::/64`.
std::string network_of(const std::string& address);

}  // namespace muster::api
