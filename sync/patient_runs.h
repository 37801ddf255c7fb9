// Runs that wait with Apple's answer until it can be stored (RunContext::is_patient): not too many at once.
#pragma once

#include <atomic>

namespace muster::sync {

class PatientRuns {
 public:
  /// Each holds a thread while it waits, and a connection to PostgreSQL while it tries. Less than half of
  /// either: app/serve.cc has 30 threads for runs, app/config.h 20 connections.
  static constexpr int kMost = 8;

  /// A run's, if it is patient, as long as it takes.
  class Place {
   public:
    Place(PatientRuns& runs, bool is_patient) : runs_(runs), number_(is_patient ? ++runs.count_ : 0) {}
    ~Place() {
      if (number_ > 0) --runs_.count_;
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// Whether the run may wait. One that is not patient may always begin.
    bool is_free() const { return number_ <= kMost; }

   private:
    PatientRuns& runs_;
    const int number_;
  };

 private:
  std::atomic<int> count_ = 0;
};

}  // namespace muster::sync
