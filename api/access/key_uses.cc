#include "api/access/key_uses.h"

#include <chrono>

namespace muster::api {

bool KeyUses::add(const ApiKey& key, const std::string& address, Time now) {
  const KeyUse use{std::chrono::floor<std::chrono::days>(now), address};
  if (key.last_use == use) return false;
  return today_.with([&](Today& today) {
    if (today.day != use.day) today = {.day = use.day, .places = {}, .to_store = std::move(today.to_store)};
    if (today.places.size() >= kMostPlaces || !today.places.emplace(key.id, address).second) return false;
    today.to_store.push_back({key.id, use});
    return true;
  });
}

std::vector<KeyUses::Use> KeyUses::take() {
  return today_.with([](Today& today) { return std::exchange(today.to_store, {}); });
}

}  // namespace muster::api
