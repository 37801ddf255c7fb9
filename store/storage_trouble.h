// Whether what is to be stored is stored at the moment, and how a patient write waits until it is.
#pragma once

#include <chrono>
#include <optional>

#include "base/guarded.h"
#include "base/result.h"

namespace muster {

/// Any thread.
class StorageTrouble {
 public:
  /// A write was not stored, because the machine could not.
  void begin(Error error);
  /// A write was stored, after it had waited or at once. That is not the end while others wait: a full disk
  /// may have room for a small one.
  void end(bool has_waited);
  std::optional<Error> present() const;

  /// A patient write (WriteScope::patiently()) that the machine could not store.
  class Waiting {
   public:
    explicit Waiting(StorageTrouble& trouble);
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    /// Waits for 2 s: work goes on within 5 s of the trouble's end. False, and at once, when the write is not
    /// wanted any more, and 5 minutes after the first time: what is to be stored gets old, and others want
    /// the thread.
    bool may_try_again() const;

   private:
    StorageTrouble& trouble_;
    const std::chrono::steady_clock::time_point until_;
  };

 private:
  struct State {
    std::optional<Error> present;
    int waiting = 0;
  };
  Guarded<State> state_;
};

}  // namespace muster
