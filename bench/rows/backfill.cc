// Row 7: a rule of scope `all` reaches every device that is there, and the server is killed in the middle of
// it.
#include <fmt/format.h>

#include <csignal>

#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"
#include "tests/support/eventually.h"

namespace muster::bench {
namespace {

using namespace std::chrono_literals;

constexpr long long kBatch = 1000;
constexpr const char* kEverything = "assigned_at > 2000-01-01";

struct Measured {
  Samples seconds, cpu, memory;
  test::Depsim::Assigned assigned;
};

// Calls that had an effect so far; there is no entry for them before the first.
long long calls(const test::Depsim& depsim) {
  return depsim.calls("POST /profile/devices") + depsim.calls("PUT /profile/devices");
}

void measure_once(long long devices, Measured& measured) {
  World world(devices);
  auto server = world.server_with_all_stored();
  const test::Depsim& depsim = world.depsim();
  const Stopwatch watch;
  server->ask(
      "PUT", "/api/v1/rules",
      {{"filter", kEverything}, {"priority", 1}, {"scope", "all"}, {"profile_uuid", world.profiles()[0]}});
  if (!test::eventually([&] { return calls(depsim) >= devices / kBatch / 2; }, 10min))
    throw std::runtime_error("the backfill does not get on\n" + server->output());
  measured.memory.add(static_cast<double>(peak_memory(server->pid())));
  const double cpu = cpu_seconds(server->pid());
  server->send_signal(SIGKILL);
  server->wait_exit(1min);

  server = std::make_unique<Server>(world.depsim(), world.data());
  const bool done = test::eventually(
      [&] { return depsim.count_with(world.profiles()[0]) == devices && server->sync().at("waiting") == 0; },
      10min);
  measured.seconds.add(watch.seconds());
  if (!done) throw std::runtime_error("the backfill did not end\n" + server->output());
  measured.memory.add(static_cast<double>(peak_memory(server->pid())));
  measured.cpu.add(cpu + cpu_seconds(server->pid()));
  server->stop();
  const auto assigned = depsim.assigned();
  // The worst of the runs counts.
  if (assigned.calls >= measured.assigned.calls) measured.assigned = assigned;
}

}  // namespace

void measure_backfill(const Options& options, const Tell& tell) {
  Measured measured;
  for (int i = 0; i < options.runs; ++i) measure_once(options.devices, measured);
  const long long most_calls = (options.devices + kBatch - 1) / kBatch + 1;
  const auto& assigned = measured.assigned;
  tell({.number = 7,
        .work = fmt::format("backfill of {} devices, killed in the middle", options.devices),
        .must = fmt::format("≤ {} assign calls, no serial twice", most_calls),
        .measured = fmt::format("{} calls, {} serials in them; {:.1f} s, {:.1f} CPU s", assigned.calls,
                                assigned.serials, measured.seconds.median(), measured.cpu.median()),
        .met = assigned.calls <= most_calls && assigned.serials == options.devices});
  tell(memory_line(7, measured.memory));
}

}  // namespace muster::bench
