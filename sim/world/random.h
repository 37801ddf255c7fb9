// Reproducible random numbers from a seed: SplitMix64.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace muster::sim {

inline uint64_t mix_bits(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() { return mix_bits(state_ += 0x9e3779b97f4a7c15ULL); }
  /// 0 <= result < limit. The bias of the remainder does not matter for test data.
  uint64_t below(uint64_t limit) { return next() % limit; }

  std::string pick(std::string_view alphabet, size_t length) {
    std::string out;
    for (size_t i = 0; i < length; ++i) out += alphabet[below(alphabet.size())];
    return out;
  }
  std::string hex(size_t digits) { return pick("0123456789abcdef", digits); }
  std::string upper_hex(size_t digits) { return pick("0123456789ABCDEF", digits); }

 private:
  uint64_t state_;
};

/// A number that depends on all of `text`: for what must be the same whenever a name or serial is the same.
inline uint64_t hash_text(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix_bits(hash);
}

}  // namespace muster::sim
