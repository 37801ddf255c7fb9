#include "base/threads/background.h"

#include <sys/resource.h>
#include <unistd.h>

namespace muster {

void work_in_background() {
  constexpr int kNice = 10;
  // On Linux a thread is a process to setpriority(). Where it is rejected nothing is lost.
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
}

}  // namespace muster
