#include "api/access/wrong_keys.h"

#include <algorithm>

#include "http/ip_network.h"

namespace muster::api {

std::string network_of(const std::string& address) {
  auto bytes = http::parse_ip(address);
  if (!bytes || http::is_ipv4(*bytes) || http::is_loopback(*bytes)) return address;
  std::fill(bytes->begin() + 8, bytes->end(), std::uint8_t{0});
  return http::ip_text(*bytes) + "/64";
}

std::optional<Millis> WrongKeys::wait_of(const Minute& minute, Tick now) {
  const Millis left = minute.began + kMinute - now;
  if (minute.count <= kFree || left <= Millis(0)) return std::nullopt;
  return left;
}

std::optional<Millis> WrongKeys::wait_of(const std::string& peer, Tick now) const {
  return minutes_.with([&](const Minutes& minutes) -> std::optional<Millis> {
    const auto found = minutes.find(network_of(peer));
    return found == minutes.end() ? std::nullopt : wait_of(found->second, now);
  });
}

bool WrongKeys::has_refused(Tick now) const {
  return minutes_.with([&](const Minutes& minutes) {
    return std::any_of(minutes.begin(), minutes.end(),
                       [&](const auto& minute) { return wait_of(minute.second, now).has_value(); });
  });
}

std::optional<Millis> WrongKeys::add(const std::string& peer, Tick now) {
  const std::string address = network_of(peer);
  return minutes_.with([&](Minutes& minutes) {
    if (minutes.size() >= kMostAddresses && !minutes.contains(address)) end_minutes(minutes, now);
    if (minutes.size() >= kMostAddresses && !minutes.contains(address)) {
      const auto oldest = std::min_element(minutes.begin(), minutes.end(), [](const auto& a, const auto& b) {
        return a.second.began < b.second.began;
      });
      minutes.erase(oldest);
    }
    auto [found, is_new] = minutes.try_emplace(address, Minute{.began = now});
    Minute& minute = found->second;
    if (!is_new && now - minute.began >= kMinute) {
      if (minute.untold > 0) tell_(address, minute.untold);
      is_new = minute.untold == 0;
      minute = {.began = now};
    }
    ++minute.count;
    if (is_new)
      tell_(address, 1);
    else
      ++minute.untold;
    return wait_of(minute, now);
  });
}

void WrongKeys::tell_rest(Tick now) {
  minutes_.with([&](Minutes& minutes) { end_minutes(minutes, now); });
}

// An address about which something was told stays for another minute, so that it is told of once a minute.
void WrongKeys::end_minutes(Minutes& minutes, Tick now) {
  for (auto at = minutes.begin(); at != minutes.end();) {
    Minute& minute = at->second;
    const bool is_over = now - minute.began >= kMinute;
    if (is_over && minute.untold > 0) {
      tell_(at->first, minute.untold);
      minute = {.began = now};
      ++at;
    } else {
      at = is_over ? minutes.erase(at) : std::next(at);
    }
  }
}

}  // namespace muster::api
