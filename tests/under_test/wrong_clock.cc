// A library for LD_PRELOAD: the wall clock of the process is ten minutes ahead. (libfaketime allocates before
// it can tell the time, and jemalloc asks for the time before it can allocate.)
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern "C" int clock_gettime(clockid_t clock, timespec* time) {
  constexpr time_t kAhead = 600;
  const long failed = syscall(SYS_clock_gettime, clock, time);
  if (failed == 0 && clock == CLOCK_REALTIME) time->tv_sec += kAhead;
  return static_cast<int>(failed);
}
