#include "app/signals.h"

#include <pthread.h>
#include <csignal>

namespace muster::app {
namespace {

sigset_t heard() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void take_signals() {
  const sigset_t set = heard();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

Signal next_signal() {
  const sigset_t set = heard();
  int number = 0;
  while (sigwait(&set, &number) != 0) {
  }
  return number == SIGHUP ? Signal::sync : Signal::stop;
}

}  // namespace muster::app
