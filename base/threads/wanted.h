// Whether the work that a thread does is still wanted. What takes long asks now and then: SQLite does between
// its steps (store/sqlite/engine/database.cc), so that a client that disconnected, or the end of the server,
// ends a statement of minutes.
#pragma once

#include <stop_token>

namespace muster {

/// While it lives, the thread's work is wanted until one of these stops. They nest.
class Wanted {
 public:
  /// `server`: everything ends. `client`: nobody waits for this piece of work any more: it reads no further,
  /// but what it writes is written completely.
  explicit Wanted(std::stop_token server, std::stop_token client = {});
  ~Wanted();
  Wanted(const Wanted&) = delete;
  Wanted& operator=(const Wanted&) = delete;

  /// What this thread's work is wanted for; null when nothing limits it.
  static const Wanted* here();
  /// For a thread that works for another one, which waits for its end: what ends that one's work ends this
  /// one's.
  static void adopt(const Wanted* of_other);

  /// False when this thread's work should end. Cheap. `writing`: see above.
  static bool still(bool writing = false);

 private:
  const std::stop_token server_, client_;
  const Wanted* const outer_;
};

}  // namespace muster
