// The whole server, as `muster serve` runs it, in the hands of a test: time stands still until the test moves
// it, and the process ends by SIGKILL, or a thread throws, at the passing of a kill point
// (base/os/kill_point.h) that the test names.
//
//   muster_under_test [-now MS] [-kill POINT:N] [-shadow DIR] FLAG OF MUSTER SERVE...
//
// -now      where the clock begins, in milliseconds since 1970; without it, where ManualClock does
// -shadow   where to keep what a power cut would leave of the database (disk.h)
//
// Standard input: one command a line, each answered by one line on standard output.
//
//   advance MS      moves both clocks                                        ok NOW_MS
//   jump MS         sets the wall clock only, back when MS is negative       ok NOW_MS
//   now             tells the time of the wall clock                         ok NOW_MS
//   kill POINT N    ends the process at the Nth passing from now on          ok
//   throw POINT N   throws a std::runtime_error there, once                  ok
//   disk full       writing to the database fails from now on                ok
//   disk broken     so does everything else                                  ok
//   disk free       and has recovered                                          ok
//   passed          how often each point was passed                          ok POINT=N POINT=N...
//
// A command that makes no sense is answered by `error WHY`. The end of standard input means nothing.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "app/serve.h"
#include "app/signals.h"
#include "base/guarded.h"
#include "base/os/kill_point.h"
#include "tests/support/manual_clock.h"
#include "tests/under_test/disk.h"

namespace {

using muster::ManualClock;
using muster::Millis;

struct Trap {
  std::string point;
  long long passing = 0;  // 0: none
};

struct Points {
  std::map<std::string, long long> passed;
  Trap kills, throws;

  Trap trap(const std::string& point, long long passings_from_now) {
    return {point, passed[point] + passings_from_now};
  }
};

// The hook is a plain function, so what it works on is global.
muster::Guarded<Points>& points() {
  static muster::Guarded<Points> all;
  return all;
}

void pass(const char* point) {
  const bool throws = points().with([&](Points& p) {
    const long long passing = ++p.passed[point];
    const auto is_at = [&](const Trap& trap) { return passing == trap.passing && trap.point == point; };
    if (is_at(p.kills)) {
      ::kill(::getpid(), SIGKILL);
      for (;;) ::pause();  // the other threads end as soon as the system gets to them
    }
    return is_at(p.throws);
  });
  if (throws) throw std::runtime_error(fmt::format("thrown at {} by a test", point));
}

void set_kill(const std::string& point, long long passings_from_now) {
  points().with([&](Points& p) { p.kills = p.trap(point, passings_from_now); });
}

void set_throw(const std::string& point, long long passings_from_now) {
  points().with([&](Points& p) { p.throws = p.trap(point, passings_from_now); });
}

std::optional<muster::under_test::Disk> disk_in(const std::string& line) {
  using muster::under_test::Disk;
  if (line == "disk free") return Disk::free;
  if (line == "disk full") return Disk::full;
  if (line == "disk broken") return Disk::broken;
  return std::nullopt;
}

std::string passed() {
  return points().with([](Points& p) {
    std::string text = "ok";
    for (const auto& [point, count] : p.passed) text += fmt::format(" {}={}", point, count);
    return text;
  });
}

std::string obey(const std::string& line, ManualClock& clock) {
  std::istringstream words(line);
  std::string command, point;
  long long number = 0;
  words >> command;
  if (command == "advance" && words >> number && number >= 0) {
    clock.advance(Millis(number));
    return fmt::format("ok {}", muster::to_millis(clock.now()));
  }
  if (command == "jump" && words >> number) {
    clock.jump(Millis(number));
    return fmt::format("ok {}", muster::to_millis(clock.now()));
  }
  if (command == "now") return fmt::format("ok {}", muster::to_millis(clock.now()));
  if (command == "passed") return passed();
  if (command == "kill" && words >> point >> number && number > 0) {
    set_kill(point, number);
    return "ok";
  }
  if (command == "throw" && words >> point >> number && number > 0) {
    set_throw(point, number);
    return "ok";
  }
  if (const auto disk = disk_in(line)) {
    muster::under_test::set_disk(*disk);
    return "ok";
  }
  return "error this is no command: " + line;
}

void obey_all(ManualClock& clock) {
  for (std::string line; std::getline(std::cin, line);) {
    // With what the server prints: whole lines, at once.
    fmt::print("{}\n", obey(line, clock));
    std::fflush(stdout);
  }
}

struct Start {
  muster::Time now = ManualClock().now();
  std::string shadow;
  std::vector<std::string> serve_flags;
};

constexpr const char* kUsage =
    "usage: muster_under_test [-now MS] [-kill POINT:N] [-shadow DIR] FLAG OF MUSTER SERVE...";

std::optional<long long> number_in(std::string_view text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

// Takes off its own flags, which come first; returns nothing when one of them is not as it should be.
std::optional<Start> read_arguments(const std::vector<std::string>& args) {
  Start start;
  size_t i = 0;
  for (; i + 1 < args.size(); i += 2) {
    const std::string& value = args[i + 1];
    if (args[i] == "-now") {
      const auto ms = number_in(value);
      if (!ms) return std::nullopt;
      start.now = muster::from_millis(*ms);
    } else if (args[i] == "-kill") {
      const size_t colon = std::min(value.find(':'), value.size() - 1);
      const auto passing = number_in(std::string_view(value).substr(colon + 1));
      if (!passing) return std::nullopt;
      set_kill(value.substr(0, colon), *passing);
    } else if (args[i] == "-shadow") {
      start.shadow = value;
    } else {
      break;
    }
  }
  start.serve_flags.assign(args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
  return start;
}

int fail(const std::string& why) {
  std::fprintf(stderr, "muster_under_test: %s\n", why.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  muster::app::take_signals();
  const auto start = read_arguments({argv + 1, argv + argc});
  if (!start) return fail(kUsage);
  auto config = muster::app::read_config(start->serve_flags);
  if (!config) return fail(config.error().text());

  muster::kill_hook = pass;
  muster::under_test::install_disk(start->shadow);
  ManualClock clock(start->now);
  // It may wait for a command for ever: it ends with the process.
  std::thread([&clock] { obey_all(clock); }).detach();
  config->follows_database_clock = false;
  const auto served = muster::app::serve(*config, clock);
  // Without destroying what the commands' thread may be using; and without flushing all streams, for it holds
  // the lock of standard input while it waits there.
  std::fflush(stdout);
  if (!served) return std::_Exit(fail(served.error().text())), 1;
  std::_Exit(0);
}
