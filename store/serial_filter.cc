#include "store/serial_filter.h"

#include <algorithm>

namespace muster {
namespace {

constexpr size_t kFirstLayer = 32'768;  // serials
constexpr size_t kSerialsABlock = 5;    // of 64 bits: some 3 in a hundred are taken for known by mistake
constexpr int kBitsASerial = 4;

std::uint64_t hash_of(AccountId account, std::string_view serial) {
  return std::hash<std::string_view>{}(serial) ^ (static_cast<std::uint64_t>(account) * 0x9E3779B97F4A7C15);
}

// By the hash's upper half, the bits by its lower half.
size_t block_of(std::uint64_t hash, size_t blocks) { return ((hash >> 32) * blocks) >> 32; }

std::uint64_t bits_of(std::uint64_t hash) {
  std::uint64_t bits = 0;
  for (int i = 0; i < kBitsASerial; ++i) bits |= std::uint64_t{1} << ((hash >> (6 * i)) & 63);
  return bits;
}

}  // namespace

void SerialFilter::add(AccountId account, std::string_view serial) {
  if (layers_.empty() || layers_.back().room == 0) {
    const size_t room = kFirstLayer << layers_.size();
    layers_.push_back({std::vector<std::uint64_t>(room / kSerialsABlock + 1), room});
  }
  Layer& layer = layers_.back();
  const auto hash = hash_of(account, serial);
  layer.blocks[block_of(hash, layer.blocks.size())] |= bits_of(hash);
  --layer.room;
}

bool SerialFilter::may_have(AccountId account, std::string_view serial) const {
  const auto hash = hash_of(account, serial), bits = bits_of(hash);
  return std::any_of(layers_.begin(), layers_.end(), [&](const Layer& layer) {
    return (layer.blocks[block_of(hash, layer.blocks.size())] & bits) == bits;
  });
}

}  // namespace muster
