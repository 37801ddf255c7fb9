// A webhook event of an account.
#pragma once

#include <cstdint>
#include <string>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

/// Row number of the store, in the order in which they happened. 0 is none.
enum class EventId : std::int64_t {};

struct Event {
  EventId id{};
  AccountId account{};
  Time created_at{};
  std::string body;  ///< JSON, as it is sent, however often: docs/webhook.md
};

}  // namespace muster
