// What happened lately (model/feed.h): the newest entries, for whoever listens at any of the servers.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "model/feed.h"

namespace muster {

/// So many entries are kept, and some more: an hour of a million devices' first assignments. Beside them,
/// what webhooks have not had yet (receivers.h).
inline constexpr std::int64_t kFeedLength = 10'000;

/// Where the feed ends.
struct FeedEnds {
  FeedPosition newest{};        ///< of all that have a number
  bool has_unnumbered = false;  ///< see FeedWrites::number_feed()
};

class FeedReads {
 public:
  virtual ~FeedReads() = default;

  /// Up to `limit` entries behind this number, in order.
  virtual Result<std::vector<FeedEntry>> feed_after(std::int64_t number, size_t limit) = 0;
  /// The time of the entry with this number; nothing when it is not there (any more).
  virtual Result<std::optional<Time>> feed_time(std::int64_t number) = 0;
  virtual Result<FeedEnds> feed_ends() = 0;
};

class FeedWrites {
 public:
  virtual ~FeedWrites() = default;

  /// Removes old ones now and then, but never the newest.
  virtual Result<> add_to_feed(const FeedEntry& entry) = 0;
  /// Gives numbers to the entries that have none. Where transactions run at the same time, the order of their
  /// commits is known only afterwards; whoever reads has the entries numbered first, so that nothing is ever
  /// added in front of what was read. In a write of the installation.
  virtual Result<> number_feed() = 0;
};

}  // namespace muster
