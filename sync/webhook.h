// Delivers stored events (model/event.h) to the webhook, in order, each until it is accepted: the receiver or
// the server may be down in the meantime. Runs in a thread of its own, so that nothing else waits for the
// receiver.
#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/time/clock.h"
#include "http/client/client.h"
#include "store/store.h"

namespace muster::sync {

/// Maximum number of queued events; the oldest are dropped first.
inline constexpr size_t kMostEvents = 10'000;

class Webhook {
 public:
  struct Receiver {
    std::string url;
    std::string key;  ///< signs each body; "" for none
  };

  /// Starts with stored events. All arguments must outlive it.
  /// `may_send`: whether it is this server that sends; null where there is one only.
  Webhook(Store& store, Clock& clock, Receiver receiver, std::function<bool()> may_send = {});
  /// Interrupts a call in progress; its event is sent again at the next start.
  ~Webhook();
  Webhook(const Webhook&) = delete;
  Webhook& operator=(const Webhook&) = delete;

  /// Stores events in the caller's transaction. Drops the oldest if there are too many. Returns how many.
  static Result<long long> add(Writer& writer, const std::vector<Event>& events);
  /// Call after such a transaction, with what it dropped. Any thread.
  void added(long long dropped);

  /// The wall clock was set and stored events were adjusted (Writer::shift_schedules()): their age does not
  /// change. Any thread.
  void clock_jumped(Millis by) { offset_ = offset_.load() + by; }

  /// Events dropped since the start: too many, or too old.
  long long dropped() const { return dropped_; }

 private:
  void work();
  void attempt();
  // Returns an error if delivery must be retried later.
  Result<> deliver_all();
  Result<> deliver(const Event& event);
  Result<> send(const Event& event);
  Result<> give_up(const Event& event);
  Time now() const { return Time(clock_.steady().time_since_epoch() + offset_.load()); }
  void failed(const Error& error);
  void back_off(Millis at_least);
  void wait();

  Store& store_;
  Clock& clock_;
  const Receiver receiver_;
  const std::function<bool()> may_send_;
  http::Client client_;
  std::atomic<Millis> offset_;  // of the wall clock that dates the stored events
  std::atomic<long long> dropped_ = 0;
  std::stop_source stop_;
  Waker waker_;
  // Used by the thread only.
  int failures_ = 0;           // consecutive
  bool is_rejecting_ = false;  // logged
  std::optional<Tick> next_try_;
  std::thread thread_;
};

}  // namespace muster::sync
