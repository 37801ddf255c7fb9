// Lists of serial numbers that operators give: each once, and in parts, since Apple takes a thousand per call
// and a transaction should not become too long.
#pragma once

#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include "store/store.h"

namespace muster::sync {

/// Calls part(span) for the items of a vector or span in order, at most `limit` at a time. The first error
/// ends it.
template <class Items, class Part>
Result<> in_parts(const Items& items, size_t limit, Part&& part) {
  std::span rest(items);
  while (!rest.empty()) {
    const auto next = rest.first(std::min(rest.size(), limit));
    rest = rest.subspan(next.size());
    MUSTER_TRY(part(next));
  }
  return {};
}

/// Each serial number once, in order. The store returns a device for every time that it is named.
inline std::vector<Serial> distinct(std::span<const Serial> serials) {
  const std::set<Serial> each(serials.begin(), serials.end());
  return {each.begin(), each.end()};
}

/// The account's devices with these serial numbers. If some are unknown: Code::not_found with their serial numbers.
Result<std::vector<Device>> named_devices(Reader& reader, AccountId account, std::span<const Serial> serials);

}  // namespace muster::sync
