// A set of devices as a bit each, by their ids: 125 KB for a million.
#pragma once

#include <vector>

#include "model/ids.h"

namespace muster::sync {

using DeviceMarks = std::vector<bool>;

/// Returns how many of them were not marked before.
inline size_t mark(DeviceMarks& marks, const std::vector<DeviceId>& ids) {
  size_t fresh = 0;
  for (const DeviceId id : ids) {
    const auto index = static_cast<size_t>(id);
    if (index >= marks.size()) marks.resize(index + index / 2 + 1);
    fresh += !marks[index];
    marks[index] = true;
  }
  return fresh;
}

inline bool is_marked(const DeviceMarks& marks, DeviceId id) {
  const auto index = static_cast<size_t>(id);
  return index < marks.size() && marks[index];
}

}  // namespace muster::sync
