#include "tests/e2e/world/prompt_end.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <stop_token>
#include <thread>

namespace muster::test {
namespace {

using namespace std::chrono_literals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr auto kStopLimit = 10s;  // a filter takes several times as long with sanitizers
#else
constexpr auto kStopLimit = 2s;  // docs/serve.md
#endif

// How much time the machine had for one more busy thread: all of it where nothing else runs, little beside
// builds and other tests.
class MachineTime {
 public:
  std::chrono::nanoseconds spent() const { return spent_.load(); }

 private:
  static std::chrono::nanoseconds of_this_thread() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  std::atomic<std::chrono::nanoseconds> spent_{0ns};
  std::jthread thread_{[this](const std::stop_token& stop) {
    while (!stop.stop_requested()) spent_ = of_this_thread();
  }};
};

}  // namespace

std::optional<int> end_promptly(MusterServer& server) {
  server.send_signal(SIGTERM);
  const MachineTime time;
  std::optional<int> exit;
  while (!exit && time.spent() < kStopLimit) exit = server.wait_exit(20ms);
  return exit;
}

}  // namespace muster::test
