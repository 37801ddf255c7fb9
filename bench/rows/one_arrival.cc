// Row 5: one device arrives, somebody asks for a run, the device has its profile.
#include <fmt/format.h>

#include "bench/rows/row.h"
#include "bench/world.h"

namespace muster::bench {
namespace {

constexpr double kMostMs = 20;
constexpr int kArrivalsARun = 20;

}  // namespace

Samples one_arrival_ms(long long stored, int arrivals) {
  World world(stored);
  auto server = world.server_with_all_stored();
  Samples ms;
  for (int i = 0; i < arrivals; ++i) {
    world.depsim().add(1);
    const Stopwatch watch;
    const auto report = server->sync();
    ms.add(watch.seconds() * 1000);
    if (report.at("assigned").to_number<int>() != 1) throw std::runtime_error("the device was not assigned");
  }
  server->stop();
  return ms;
}

void measure_one_arrival(const Options& options, const Tell& tell) {
  const auto ms = one_arrival_ms(options.devices, options.runs * kArrivalsARun);
  tell({.number = 5,
        .work = fmt::format("one arrival to assigned and read back, by syncnow, {} stored", options.devices),
        .must = fmt::format("< {:.0f} ms", kMostMs),
        .measured = fmt::format("{:.1f} ms; 95th percentile {:.1f} ms", ms.median(), ms.quantile(0.95)),
        .met = ms.median() < kMostMs});
}

}  // namespace muster::bench
