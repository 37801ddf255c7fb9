// muster-under-test: `muster serve` as it is, in a time that stands still until the test moves it, and with death at a
// chosen point.
//
//   muster-under-test START_MS [flags of muster serve]     START_MS: its clock to begin with, milliseconds since 1970
//
// It reads commands from standard input, a line each, and answers each by a line on standard output:
//
//   advance MS      the clock goes on by that much, and whoever waits for that is woken; "now MS"
//   kill POINT N    SIGKILL at the Nth passing of that kill point (base/kill_point.h) from now; "armed POINT N"
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sstream>
#include <thread>

#include "app/serve.h"
#include "app/signals.h"
#include "base/kill_point.h"
#include "tests/support/manual_clock.h"

namespace {

using namespace muster;

// What the hook may read: it has no argument of its own. The name is written before the number is armed.
std::array<char, 32> armed_point;
std::atomic<int> passings_left{0};

void maybe_die(const char* point) {
  if (passings_left > 0 && std::strcmp(point, armed_point.data()) == 0 && --passings_left == 0)
    ::kill(::getpid(), SIGKILL);
}

void obey(ManualClock& clock, const std::string& line) {
  std::istringstream words(line);
  std::string command;
  words >> command;
  if (long long ms = 0; command == "advance" && words >> ms) {
    clock.advance(Millis(ms));
    std::printf("now %lld\n", to_millis(clock.now()));
  } else if (std::string point; command == "kill" && words >> point && point.size() < armed_point.size()) {
    int passings = 1;
    words >> passings;
    std::strcpy(armed_point.data(), point.c_str());
    passings_left = passings;
    std::printf("armed %s %d\n", point.c_str(), passings);
  } else {
    std::printf("not understood: %s\n", line.c_str());
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  app::take_signals();
  if (argc < 2) {
    std::fputs("usage: muster-under-test START_MS [flags of muster serve]\n", stderr);
    return 1;
  }
  const auto config = app::read_config(std::vector<std::string>(argv + 2, argv + argc));
  if (!config) {
    std::fprintf(stderr, "%s\n", config.error().text().c_str());
    return 1;
  }
  ManualClock clock(from_millis(std::atoll(argv[1])));
  kill_hook = maybe_die;
  std::thread([&clock] {
    for (std::string line; std::getline(std::cin, line);) obey(clock, line);
  }).detach();
  const auto served = app::serve(*config, clock);
  if (!served) std::fprintf(stderr, "muster: %s\n", served.error().text().c_str());
  std::fflush(stdout);
  std::fflush(stderr);
  std::_Exit(served ? 0 : 1);  // the reader may be in the middle of a line
}
