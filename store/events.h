// What the webhook's receiver has not taken yet.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/event.h"

namespace muster {

class EventReads {
 public:
  virtual ~EventReads() = default;

  /// Of all accounts' events, the `limit` that happened first, in their order.
  virtual Result<std::vector<Event>> oldest_events(size_t limit) = 0;
  virtual Result<long long> event_count() = 0;
};

class EventWrites {
 public:
  virtual ~EventWrites() = default;

  /// New, behind all others; its id is the store's.
  virtual Result<> add_event(const Event& event) = 0;
  /// Nothing happens when there is none.
  virtual Result<> remove_event(EventId id) = 0;
  /// Removes all but the newest `count`. How many.
  virtual Result<long long> keep_newest_events(size_t count) = 0;
};

}  // namespace muster
