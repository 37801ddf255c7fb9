// The places where a crash could split the work. A test that ends the process at each of them, one after the
// other, shows that none of them loses anything. In the product they cost one load and do nothing.
//
//   commit.before   a transaction is done but not committed
//   commit.after    it is committed, and nobody knows yet
//   apple.before    a call to Apple is about to be sent
//   apple.after     Apple's answer is here, and nothing of it is stored
//   move.table      `muster move` has copied a table
//   overwrite.before    secrets that were in plain are sealed, and the database's files still have them in
//                       plain
//   overwrite.vacuumed  SQLite only: the file is rewritten, and the log still has them
//   overwrite.after     they are nowhere any more, and nobody knows yet
//
// And the tops of the threads, where a test throws, as a library may anywhere below (base/threads/contain.h):
//
//   run             a run of a lane begins
//   reader.ask      a page is asked for ahead of the run
//   reader.read     such a page is read
//   webhook         an event is about to be sent
//   handler         a request is about to be answered
//   signal          a signal is about to be obeyed
#pragma once

#include <atomic>

namespace muster {

using KillHook = void (*)(const char* point);

/// For tests only; null, the default, for nothing. Any thread may come by. It may throw.
inline std::atomic<KillHook> kill_hook{nullptr};

inline void kill_point(const char* point) {
  if (const KillHook hook = kill_hook.load(std::memory_order_relaxed)) hook(point);
}

}  // namespace muster
