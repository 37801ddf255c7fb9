#include "api/access/wrong_keys.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace muster::api {

std::string network_of(const std::string& address) {
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), &bytes) != 1 || IN6_IS_ADDR_V4MAPPED(&bytes) ||
      IN6_IS_ADDR_LOOPBACK(&bytes))
    return address;
  std::fill(bytes.s6_addr + 8, bytes.s6_addr + 16, std::uint8_t{0});
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET6, &bytes, text.data(), text.size());
  return std::string(text.data()) + "/64";
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
