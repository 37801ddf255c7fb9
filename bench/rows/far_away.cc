// Row 2: the first reading of the list when Apple is far away, so that every page comes 50 ms later.
#include <fmt/format.h>

#include "bench/rows/row.h"
#include "bench/world.h"

namespace muster::bench {
namespace {

constexpr double kMostOfFloor = 1.02;

}  // namespace

void measure_far_away(const Options& options, const Tell& tell) {
  World world(options.devices, {"-latency", "50ms"});
  Samples seconds, floor, ratio;
  for (int i = 0; i < options.runs; ++i) {
    Server server(world.depsim(), world.new_directory());
    seconds.add(world.read_baseline(server).seconds);
    server.stop();
    floor.add(run_floor("floor_fetch", {world.depsim().url()}).seconds);
    ratio.add(seconds.last() / floor.last());
  }
  tell({.number = 2,
        .work = fmt::format("baseline of {} devices, 50 ms latency a page", options.devices),
        .must = fmt::format("≤ {} × floor_fetch", kMostOfFloor),
        .measured = fmt::format("{:.2f} s", seconds.median()),
        .floor = fmt::format("floor_fetch {:.2f} s", floor.median()),
        .ratio = fmt::format("{:.3f}", ratio.median()),
        .met = ratio.median() <= kMostOfFloor});
}

}  // namespace muster::bench
