// Apple takes a thousand serials a call: longer lists go in parts.
#pragma once

#include <algorithm>
#include <span>

#include "base/result.h"
#include "model/ids.h"

namespace muster::sync {

/// Calls part(span) for the serials in order, at most `limit` at a time. The first error ends it.
template <class Part>
Result<> in_parts(std::span<const Serial> serials, size_t limit, Part&& part) {
  while (!serials.empty()) {
    const auto next = serials.first(std::min(serials.size(), limit));
    serials = serials.subspan(next.size());
    MUSTER_TRY(part(next));
  }
  return {};
}

}  // namespace muster::sync
