// Row 6: what a new rule would change among the devices that are there.
#include <fmt/format.h>

#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"

namespace muster::bench {
namespace {

constexpr double kMostSeconds = 1;

struct Measured {
  Samples seconds, cpu;
};

Measured measure(long long stored, int runs) {
  World world(stored);
  auto server = world.server_with_all_stored();
  Measured measured;
  for (int i = 0; i < runs; ++i) {
    const double cpu_before = cpu_seconds(server->pid());
    const Stopwatch watch;
    server->ask("POST", "/api/v1/plan",
                {{"rule",
                  {{"filter", R"(family = iPad and color in (SILVER, BLUE))"},
                   {"priority", 1},
                   {"scope", "all"},
                   {"profile_uuid", world.profiles()[0]}}}});
    measured.seconds.add(watch.seconds());
    measured.cpu.add(cpu_seconds(server->pid()) - cpu_before);
  }
  server->stop();
  return measured;
}

}  // namespace

Samples plan_seconds(long long stored, int runs) { return measure(stored, runs).seconds; }

void measure_plan(const Options& options, const Tell& tell) {
  const auto [seconds, cpu] = measure(options.devices, options.runs);
  tell({.number = 6,
        .work = fmt::format("plan of a new rule over {} devices, 20 rules being there", options.devices),
        .must = fmt::format("< {:.0f} s", kMostSeconds),
        .measured = fmt::format("{:.2f} s, {:.2f} CPU s", seconds.median(), cpu.median()),
        .met = seconds.median() < kMostSeconds});
}

}  // namespace muster::bench
