// Which serials are surely not stored: a Bloom filter, a byte and a half a device. Of a million devices that
// Apple shows for the first time each would otherwise be looked for in vain, in an index that is larger than
// the cache.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/ids.h"

namespace muster {

class SerialFilter {
 public:
  void add(AccountId account, std::string_view serial);
  /// False only for what was never added; true for some in a hundred of those, too.
  bool may_have(AccountId account, std::string_view serial) const;

 private:
  // Each is filled and never changed again; the next one is twice as large.
  struct Layer {
    std::vector<std::uint64_t> blocks;
    size_t room;  // for so many more
  };
  std::vector<Layer> layers_;
};

}  // namespace muster
