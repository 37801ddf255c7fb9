// Webhooks (model/receiver.h). The feed keeps what a receiver that is not disabled has not had yet, up to
// kMostBacklog entries.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/receiver.h"

namespace muster {

/// Entries that the feed keeps at most for the slowest receiver.
inline constexpr std::int64_t kMostBacklog = 200'000;
/// Of each receiver; the oldest go first.
inline constexpr long long kKeptDeliveries = 200;
inline constexpr long long kKeptDeadLetters = 100;

class ReceiverReads {
 public:
  virtual ~ReceiverReads() = default;

  /// Numbers are below `before`; the newest first.
  virtual Result<std::vector<Delivery>> deliveries(ReceiverId receiver, long long before, size_t limit) = 0;
  /// Numbers are above `after`; the oldest first, without their bodies.
  virtual Result<std::vector<DeadLetter>> dead_letters(ReceiverId receiver, long long after,
                                                       size_t limit) = 0;
  /// The oldest that is to be sent again.
  virtual Result<std::optional<DeadLetter>> next_dead_letter(ReceiverId receiver) = 0;
  virtual Result<long long> dead_letter_count(ReceiverId receiver) = 0;
  /// Of the account's devices, what a FeedType::devices entry refers to: numbers from `first` to `last`, in
  /// order.
  virtual Result<std::vector<NumberedHistory>> numbered_history(AccountId account, std::int64_t first,
                                                                std::int64_t last, size_t limit) = 0;
};

/// Of the installation.
class ReceiverWrites {
 public:
  virtual ~ReceiverWrites() = default;

  /// With its deliveries and dead letters.
  virtual Result<> remove_receiver(ReceiverId receiver) = 0;
  /// Whether `sender` sends to the receiver for `lease` from now on: no other one does. By the database's
  /// clock where several servers share it; else always.
  virtual Result<bool> claim_receiver(ReceiverId receiver, std::int64_t sender, Millis lease) = 0;
  /// What became of messages. False, and nothing is written, when the receiver has another revision than it
  /// was read with, or another sender.
  virtual Result<bool> put_progress(const Receiver& receiver, std::int64_t sender,
                                    std::span<const Delivery> deliveries,
                                    std::span<const DeadLetter> dead_letters) = 0;
  /// All of the receiver are to be sent again. How many.
  virtual Result<long long> dead_letters_due(ReceiverId receiver) = 0;
  /// It was rejected again, and is not to be sent.
  virtual Result<> keep_dead_letter(ReceiverId receiver, long long number) = 0;
  virtual Result<> remove_dead_letter(ReceiverId receiver, long long number) = 0;
};

}  // namespace muster
