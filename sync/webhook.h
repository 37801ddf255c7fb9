// Sends the stored events (model/event.h) to a person's own program, one after another, each until it was taken: the
// receiver may be down, and so may we. It has a thread of its own, so that nothing else waits for the receiver.
#pragma once

#include <atomic>
#include <stop_token>
#include <string>
#include <thread>

#include "base/time/clock.h"
#include "http/client/client.h"
#include "store/store.h"

namespace muster::sync {

/// So many events wait at most; the oldest go first.
inline constexpr size_t kMostEvents = 10'000;

class Webhook {
 public:
  struct Receiver {
    std::string url;
    std::string key;  ///< signs each body; "" for none
  };

  /// Begins with what is stored. All must outlive it.
  Webhook(Store& store, Clock& clock, Receiver receiver);
  /// Ends a call that is under way; its event goes out again at the next start.
  ~Webhook();
  Webhook(const Webhook&) = delete;
  Webhook& operator=(const Webhook&) = delete;

  /// Stores events in the transaction of what made them. Makes room for them when too many wait.
  Result<> add(Writer& writer, const std::vector<Event>& events);
  /// Such a transaction is done. Any thread.
  void notify() { waker_.wake(); }

  /// The wall clock was set, and the stored events have followed it (Writer::shift_schedules()): none is older for that. Any
  /// thread.
  void clock_jumped(Millis by) { offset_ = offset_.load() + by; }

  /// Events that were given up, since the start: too many waited, or one was too old.
  long long dropped() const { return dropped_; }

 private:
  void work();
  void attempt();
  // Until none is left; an error when it is to be tried again later.
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
  http::Client client_;
  std::atomic<Millis> offset_;  // of the wall clock that the stored events are dated by
  std::atomic<long long> dropped_ = 0;
  std::stop_source stop_;
  Waker waker_;
  // The thread's own.
  int failures_ = 0;        // in a row
  bool not_taken_ = false;  // was said of the receiver
  std::optional<Tick> next_try_;
  std::thread thread_;
};

}  // namespace muster::sync
