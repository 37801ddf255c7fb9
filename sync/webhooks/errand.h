// Sends one receiver what it has not had yet, in order, one message at a time. It reads from the feed, so
// that what happens waits for no receiver; and what it did is stored behind the answer, so that a message
// comes at least once.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "store/store.h"
#include "sync/webhooks/give_way.h"
#include "sync/webhooks/message.h"
#include "sync/webhooks/postman.h"

namespace muster::sync {

/// Without a success for so long, a webhook is disabled.
inline constexpr Millis kLongestFailure = std::chrono::days(7);
/// A message that was rejected (ReceiverAnswer::is_rejection()) so often, over six hours, becomes a dead
/// letter.
inline constexpr int kMostRejections = 7;
/// Until a message is tried again; `failures` in a row, from 1: 5 seconds, growing to 10 hours, and some
/// jitter.
Millis webhook_wait(int failures);

class Errand {
 public:
  /// `sender` tells this server from others, which do not send while it does. All must outlive it.
  Errand(Store& store, Clock& clock, Postman& postman, const LastNews& news, ReceiverId receiver,
         std::int64_t sender);
  /// Interrupts a call in progress; its message is sent again.
  ~Errand();
  Errand(const Errand&) = delete;
  Errand& operator=(const Errand&) = delete;

  /// There is something to send, or the receiver was changed. Any thread.
  void look();

 private:
  enum class Outcome { nothing_left, must_wait };

  void work();
  Result<Outcome> attempt();
  Result<bool> may_send();
  Result<bool> load();
  Result<> check_lost();
  Result<bool> send_dead_letters();
  Result<bool> send_entry(const FeedEntry& entry);
  Result<bool> send(const Message& message);
  Result<> failed(const ReceiverAnswer& answer);
  Result<bool> give_up(const Message& message, const std::string& body, const ReceiverAnswer& answer);
  Result<> disable(const std::string& why);
  Result<bool> save();
  Result<bool> save_now_and_then();
  void note(const std::string& id, std::string_view topic, long long events, const ReceiverAnswer& answer);
  void wait(std::optional<Tick> until);

  Store& store_;
  Clock& clock_;
  Postman& postman_;
  const ReceiverId id_;
  const std::int64_t sender_;
  std::stop_source stop_;
  Waker waker_;
  GiveWay give_way_;
  // Of the thread.
  Receiver receiver_{.revision = -1};
  std::vector<Delivery> deliveries_;        // that are not stored yet
  std::vector<DeadLetter> dead_letters_{};  // the same
  bool is_dirty_ = false;                   // its progress is not stored yet
  bool was_rejected_ = false;               // the next message, by the answer to its last attempt
  bool is_failing_ = false;                 // at the store; logged
  std::optional<Tick> claimed_;
  std::optional<Tick> saved_;
  std::optional<Tick> next_try_;
  std::optional<Tick> failed_at_;
  std::thread thread_;
};

}  // namespace muster::sync
