// Row 13: many devices arrive at once, one rule covers them, and each call to Apple takes 100 ms. Pages are
// read, assigned and confirmed side by side, or the calls would add up.
#include <fmt/format.h>

#include "bench/rows/row.h"
#include "bench/world.h"

namespace muster::bench {
namespace {

constexpr double kMostToAssign = 1.1, kMostToConfirm = 1.25;
constexpr long long kStored = 1000, kArrivals = 100'000;
constexpr double kLatency = 0.1;  // seconds a call
constexpr double kFloor =
    kLatency * kArrivals / 1'000;  // a page has 1,000 devices, as a call has that assigns them

// Seconds from the first call that Apple got to its answer to the last assign call. The log has the times of
// answers.
double seconds_to_assign(const test::Depsim& depsim) {
  long long first = 0, last = 0;
  const auto log = depsim.get("/control/calls/log?limit=10000");
  for (const auto& call : log.at("calls").as_array()) {
    const auto ms = call.at("time_ms").to_number<long long>();
    if (first == 0 || ms < first) first = ms;
    if (call.at("name").as_string() == "assign" && ms > last) last = ms;
  }
  return static_cast<double>(last - first) / 1000 + kLatency;
}

}  // namespace

void measure_slow_calls(const Options& options, const Tell& tell) {
  World world(kStored, {}, {"*"});
  Samples assigned, confirmed;
  for (int i = 0; i < options.runs; ++i) {
    const auto server = world.server_with_all_stored();
    const test::Depsim& depsim = world.depsim();
    depsim.post("/control/devices/add", {{"count", kArrivals}});
    depsim.put("/control/settings", {{"latency", "100ms"}});
    depsim.remove("/control/calls");
    const Stopwatch watch;
    const auto report = server->sync();
    confirmed.add(watch.seconds());
    assigned.add(seconds_to_assign(depsim));
    depsim.put("/control/settings", {{"latency", "0s"}});
    if (report.at("confirmed").to_number<long long>() != kArrivals)
      throw std::runtime_error("not all were assigned and confirmed");
    server->stop();
  }
  tell({.number = 13,
        .work = fmt::format("{} arrivals under one rule, {:.0f} ms a call", kArrivals, kLatency * 1000),
        .must = fmt::format("assigned ≤ {} ×, confirmed ≤ {} × the latency of 100 calls", kMostToAssign,
                            kMostToConfirm),
        .measured =
            fmt::format("assigned {:.2f} s, confirmed {:.2f} s", assigned.median(), confirmed.median()),
        .floor = fmt::format("{:.1f} s", kFloor),
        .ratio = fmt::format("{:.3f}, {:.3f}", assigned.median() / kFloor, confirmed.median() / kFloor),
        .met = assigned.median() <= kMostToAssign * kFloor && confirmed.median() <= kMostToConfirm * kFloor});
}

}  // namespace muster::bench
