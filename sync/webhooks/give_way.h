// Senders that are behind give way while devices are worked: nobody waits for the thousandth message of a
// webhook, but somebody may for the device that is being assigned. A sender then rests most of the time; with
// nothing else to do, it never does.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "base/time/clock.h"

namespace muster::sync {

/// When something happened last, for all senders. Any thread.
class LastNews {
 public:
  void come(Tick now) { at_ = now.time_since_epoch().count(); }
  /// For so long after news there will be more: pages of a long list come several times a second.
  bool are_fresh(Tick now) const { return now - Tick(Tick::duration(at_)) < std::chrono::seconds(2); }

 private:
  std::atomic<Tick::rep> at_ = Tick::min().time_since_epoch().count() / 2;
};

/// Of one sender, and of its thread alone.
class GiveWay {
 public:
  GiveWay(const LastNews& news, const Clock& clock) : news_(news), clock_(clock) {}

  /// Behind a piece of work: rests for as long as what was done since deserves, if news are fresh. Ends with
  /// `stop`. Gives whether there was a rest.
  bool rest(const std::stop_token& stop);

 private:
  const LastNews& news_;
  const Clock& clock_;
  std::chrono::nanoseconds used_{
      -1};  // of the processor by the thread, until the last rest; -1 before the first
  std::mutex mutex_;
  std::condition_variable_any ended_;
};

}  // namespace muster::sync
