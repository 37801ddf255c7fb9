// The two phases of listing: /server/devices shows the list as it was when the fetch began, /devices/sync
// what happened since. A page costs what its rows cost, however many devices there are.
#pragma once

#include <optional>
#include <string>

#include "sim/world/account.h"
#include "sim/world/settings.h"
#include "sim/world/world.h"

namespace muster::sim {

struct PageRequest {
  std::optional<std::string> cursor;
  std::optional<long long> limit;  ///< at least 1
  int version = 1;
  bool repeat_cursor = false;  ///< a fault: give the cursor back that came, and say that more follows
};

struct PageAnswer {
  std::string word;  ///< Apple's answer when rejected, with status 400; else ""
  std::string json;
  size_t rows = 0;
};

PageAnswer fetch_page(World& world, Account& account, const Settings& settings, long long now_ms,
                      const PageRequest& request);
PageAnswer sync_page(World& world, Account& account, const Settings& settings, long long now_ms,
                     const PageRequest& request);

}  // namespace muster::sim
