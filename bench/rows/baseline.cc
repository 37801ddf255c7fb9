// Rows 1, 10 and 11: the first reading of the list, everything stored, indexed and decided.
#include <fmt/format.h>

#include <filesystem>

#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"

namespace muster::bench {
namespace {

constexpr double kMostOfFloor = 1.5;
constexpr double kMostCpuSeconds = 12;  // for a million devices
constexpr double kMostBytes = 230;

}  // namespace

void measure_baseline(const Options& options, const Tell& tell) {
  World world(options.devices);
  Samples seconds, cpu, fetch, store, limit, ratio, share, memory, bytes;
  for (int i = 0; i < options.runs; ++i) {
    const std::string data = world.new_directory();
    Server server(world.depsim(), data);
    const auto baseline = world.read_baseline(server);
    memory.add(static_cast<double>(peak_memory(server.pid())));
    server.stop();
    bytes.add(static_cast<double>(database_size(data)) / static_cast<double>(options.devices));
    std::filesystem::remove_all(data);

    fetch.add(run_floor("floor_fetch", {world.depsim().url()}).seconds);
    store.add(run_floor("floor_store", {world.depsim().url(), world.path("floor.db")}).seconds);
    std::filesystem::remove(world.path("floor.db"));
    limit.add(std::stod(run_floor("limit_store", {world.depsim().url(), world.path("limit")}).output));
    std::filesystem::remove_all(world.path("limit"));

    seconds.add(baseline.seconds);
    cpu.add(baseline.cpu_seconds);
    share.add(baseline.depsim_cpu_seconds / baseline.seconds);
    ratio.add(seconds.last() / store.last());
  }
  const double cpu_limit = kMostCpuSeconds * static_cast<double>(options.devices) / 1e6;
  tell({.number = 1,
        .work = fmt::format("baseline of {} devices", options.devices),
        .must = fmt::format("≤ {} × floor_store, < {:.1f} CPU s", kMostOfFloor, cpu_limit),
        .measured = fmt::format("{:.2f} s, {:.2f} CPU s", seconds.median(), cpu.median()),
        .floor = fmt::format("floor_store {:.2f} s, floor_fetch {:.2f} s; the store alone {:.2f} s",
                             store.median(), fetch.median(), limit.median()),
        .ratio = fmt::format("{:.2f}", ratio.median()),
        .depsim_share = share.median(),
        .met = ratio.median() <= kMostOfFloor && cpu.median() < cpu_limit});
  tell(memory_line(1, memory));
  tell({.number = 11,
        .work = fmt::format("database with {} devices and a line of history each", options.devices),
        .must = fmt::format("< {} bytes a device", kMostBytes),
        .measured = fmt::format("{:.0f} bytes a device", bytes.median()),
        .met = bytes.median() < kMostBytes});
}

}  // namespace muster::bench
