// A mutex whose waiters get it in the order in which they came.
//
// With std::mutex a thread that unlocks and locks again in a loop may keep all others out for as long as the
// loop lasts. Costs a wake-up a hand-over: for sections that are long anyway, such as a commit to the disk.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace muster {

/// For std::lock_guard and the like; not recursive.
class FairMutex {
 public:
  void lock() {
    std::unique_lock lock(mutex_);
    const std::uint64_t turn = next_turn_++;
    changed_.wait(lock, [&] { return serving_ == turn; });
  }
  void unlock() {
    {
      std::lock_guard lock(mutex_);
      ++serving_;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::uint64_t next_turn_ = 0;  // of who comes next
  std::uint64_t serving_ = 0;    // of who has it, or may have it
};

}  // namespace muster
