// What happened lately, for those who listen (GET /api/v1/events, docs/api.md).
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/time/clock.h"
#include "model/history.h"
#include "model/ids.h"

namespace muster {

/// Stored as numbers: only append.
enum class FeedType {
  state,        ///< how Apple accepts an account has changed
  arrivals,     ///< devices arrived or left
  assignments,  ///< Apple reported a profile that was assigned, or refused to assign it
  backfill,     ///< one began, got on, was paused or ended
  audit,        ///< an operator changed something
  progress,     ///< how far a run is; never stored
  // For webhooks only (model/receiver.h): nobody who listens is told.
  devices,       ///< something was added to devices' histories: {"first","last"} are their numbers
  first_list,    ///< the first full list of an account was read to its end
  token_expiry,  ///< a token ends soon
  webhook,       ///< a webhook was disabled
};
/// What who listens may be told of.
inline constexpr std::array kFeedTypes = {FeedType::state,    FeedType::arrivals, FeedType::assignments,
                                          FeedType::backfill, FeedType::audit,    FeedType::progress};

/// A place in the feed. Numbers grow in the order of the commits; the time tells whether the entry of this
/// number is still the same one: a database that was restored from a backup gives its numbers again.
struct FeedPosition {
  std::int64_t number = 0;  ///< 0 is in front of the first entry
  Time at{};

  friend bool operator==(const FeedPosition&, const FeedPosition&) = default;
};

struct FeedEntry {
  FeedPosition position{};        ///< its number is the store's
  AccountId account{};            ///< 0 for what concerns the installation
  AccountName account_name = {};  ///< the store's; "" for none, and for an account that is gone
  FeedType type{};
  std::string body;  ///< a JSON object with at least one member
};

/// An entry of a device's history, as the feed refers to it.
struct NumberedHistory {
  std::int64_t number = 0;
  HistoryEntry entry;
};

}  // namespace muster
