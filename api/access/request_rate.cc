#include "api/access/request_rate.h"

#include <algorithm>
#include <cmath>

#include "api/access/wrong_keys.h"

namespace muster::api {

std::optional<Millis> RequestRate::take(const std::string& key, const std::string& address, RealTime now) {
  if (per_second_ <= 0) return std::nullopt;
  const std::string name = key + " " + network_of(address);
  return clients_.with([&](Clients& clients) -> std::optional<Millis> {
    auto found = clients.find(name);
    if (found == clients.end()) {
      make_room(clients, now);
      found = clients.emplace(name, Client{per_second_ * kBurst, now}).first;
    }
    Client& client = found->second;
    client.left = left_of(client, now);
    client.at = now;
    if (client.left >= 1) {
      --client.left;
      return std::nullopt;
    }
    return Millis(std::llround(std::ceil((1 - client.left) / per_second_ * 1000)));
  });
}

double RequestRate::left_of(const Client& client, RealTime now) const {
  const std::chrono::duration<double> since = now - client.at;
  return std::min(client.left + since.count() * per_second_, per_second_ * kBurst);
}

void RequestRate::make_room(Clients& clients, RealTime now) const {
  if (clients.size() < kMostClients) return;
  std::erase_if(clients,
                [&](const auto& client) { return left_of(client.second, now) >= per_second_ * kBurst; });
  if (clients.size() >= kMostClients) clients.clear();
}

}  // namespace muster::api
