// Takes check-ins, and answers when they are stored: an MDM server does not send a message again. What comes
// while others are being stored is stored with the next ones, in one transaction for each account, so that a
// thousand devices that enroll at once do not wait for a thousand commits. Who comes first does it for all:
// there is no thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "store/store.h"
#include "sync/enrollment/check_in.h"

namespace muster::sync {

class CheckInDesk {
 public:
  /// `store` outlives it; nobody acts here, so its writes are in no audit.
  explicit CheckInDesk(Store& store) : store_(store) {}
  CheckInDesk(const CheckInDesk&) = delete;
  CheckInDesk& operator=(const CheckInDesk&) = delete;

  /// Nothing is stored for a device that nobody named by its serial number yet, and for one that was seen
  /// within the hour. Waits for the store; on as many threads at once as there are callers.
  Result<> take(const CheckIn& check_in);

  /// A message was refused: why is logged, once a minute.
  void refused(const std::string& reason);

 private:
  struct Waiting {
    const CheckIn* check_in;
    std::optional<Result<>> outcome = {};
  };

  Store& store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting*> waiting_;
  bool is_storing_ = false;
  Guarded<std::optional<std::chrono::steady_clock::time_point>> told_at_;  // in the log
};

/// Stores what the check-ins tell, in their order: all of an account or nothing.
Result<> store_check_ins(Store& store, std::vector<CheckIn> check_ins);

}  // namespace muster::sync
