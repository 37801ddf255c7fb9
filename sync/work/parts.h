// Apple takes a thousand serials a call, and a transaction should not become too long: longer lists go in
// parts.
#pragma once

#include <algorithm>
#include <span>

#include "base/result.h"

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

}  // namespace muster::sync
