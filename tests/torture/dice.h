// Chance under a seed: the same seed makes the same choices.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace muster::torture {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// 0 to n - 1; 0 when n is 0. The same on every machine, unlike the library's distributions.
  size_t below(size_t n) { return n ? static_cast<size_t>(engine_() % n) : 0; }
  size_t between(size_t low, size_t high) { return low + below(high - low + 1); }
  bool one_in(size_t n) { return below(n) == 0; }

  /// Takes up to `count` elements out of the pool, in no order.
  std::vector<std::string> take(std::vector<std::string>& pool, size_t count) {
    std::vector<std::string> taken;
    while (taken.size() < count && !pool.empty()) {
      std::swap(pool[below(pool.size())], pool.back());
      taken.push_back(std::move(pool.back()));
      pool.pop_back();
    }
    return taken;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace muster::torture
