// A set of devices as a bit each, in blocks by their ids: 125 KB for a million that came one after the other.
// The ids of a small account are few and far between, and there are thousands of such accounts: a block is
// there when one of its ids is.
#pragma once

#include <bitset>
#include <span>
#include <unordered_map>

#include "model/ids.h"

namespace muster::sync {

class DeviceMarks {
 public:
  /// Returns how many of them were not marked before.
  size_t mark(std::span<const DeviceId> ids) {
    size_t fresh = 0;
    for (const DeviceId id : ids) {
      auto bit = blocks_[block_of(id)][bit_of(id)];
      fresh += !bit;
      bit = true;
    }
    return fresh;
  }

  bool has(DeviceId id) const {
    const auto block = blocks_.find(block_of(id));
    return block != blocks_.end() && block->second[bit_of(id)];
  }

 private:
  static constexpr size_t kBlock = 2048;  // ids: 256 bytes
  static size_t block_of(DeviceId id) { return static_cast<size_t>(id) / kBlock; }
  static size_t bit_of(DeviceId id) { return static_cast<size_t>(id) % kBlock; }

  std::unordered_map<size_t, std::bitset<kBlock>> blocks_;
};

}  // namespace muster::sync
