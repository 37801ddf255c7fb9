// Lists of serial numbers that operators give: each once, and in parts, since Apple takes a thousand per call
// and a transaction should not become too long.
#pragma once

#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include "apple/answers/values.h"
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

/// Calls part(span), one call to Apple, for up to kAssignLimit of them at a time. All answers together.
template <class Part>
Result<apple::SerialAnswers> in_calls(std::span<const Serial> serials, Part&& part) {
  apple::SerialAnswers all;
  MUSTER_TRY(in_parts(serials, apple::kAssignLimit, [&](std::span<const Serial> next) -> Result<> {
    MUSTER_TRY(auto answers, part(next));
    all.answers.merge(answers.answers);
    if (answers.retry_after) all.retry_after = answers.retry_after;
    return {};
  }));
  return all;
}

/// Each serial number once, in order. The store returns a device for every time that it is named.
inline std::vector<Serial> distinct(std::span<const Serial> serials) {
  const std::set<Serial> each(serials.begin(), serials.end());
  return {each.begin(), each.end()};
}

/// The account's devices with these serial numbers. If some are unknown: Code::not_found with their serial
/// numbers.
Result<std::vector<Device>> named_devices(Reader& reader, AccountId account, std::span<const Serial> serials);

}  // namespace muster::sync
