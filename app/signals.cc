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

std::optional<Signal> next_signal(std::chrono::seconds patience) {
  const sigset_t set = heard();
  const timespec wait{.tv_sec = patience.count(), .tv_nsec = 0};
  const int number = sigtimedwait(&set, nullptr, &wait);
  if (number < 0) return std::nullopt;  // nothing came, or something else interrupted it
  return number == SIGHUP ? Signal::sync : Signal::stop;
}

}  // namespace muster::app
