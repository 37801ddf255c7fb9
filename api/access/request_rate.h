// Limits how many requests a second an API key may send from one address: a script that runs wild must not
// slow down the others.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/guarded.h"
#include "base/time/clock.h"

namespace muster::api {

class RequestRate {
 public:
  using RealTime = std::chrono::steady_clock::time_point;
  /// A client that was quiet may send so many seconds' worth at once.
  static constexpr double kBurst = 10;
  /// Of more clients than this those that are quiet are forgotten, or all.
  static constexpr size_t kMostClients = 10'000;

  /// 0 for no limit.
  explicit RequestRate(long long per_second) : per_second_(static_cast<double>(per_second)) {}

  /// A request came. How long the client must wait when it has sent too many.
  std::optional<Millis> take(const std::string& key, const std::string& address, RealTime now);

 private:
  struct Client {
    double left = 0;  // requests that it may send at once
    RealTime at;
  };
  using Clients = std::unordered_map<std::string, Client>;

  double left_of(const Client& client, RealTime now) const;
  void make_room(Clients& clients, RealTime now) const;

  const double per_second_;
  Guarded<Clients> clients_;
};

}  // namespace muster::api
