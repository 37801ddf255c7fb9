// A named set of serial numbers, for filters: `serial in @lab`. A serial may be in it before its device is
// known.
#pragma once

#include <span>
#include <string>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

struct SerialList {
  SerialListId id{};
  AccountId account{};
  std::string name{};        ///< a plain name (model/text/plain_name.h), unique within the account
  std::int64_t version = 0;  ///< 1 when it is made, one more with each change
  Time updated_at{};
  long long size = 0;  ///< how many serials it has; filled when read

  friend bool operator==(const SerialList&, const SerialList&) = default;
};

/// SHA-256, in hex, of the serials joined by line feeds. They are in ascending order, each once: so two lists
/// have the same digest when they have the same serials.
std::string digest_of(std::span<const Serial> serials);

}  // namespace muster
