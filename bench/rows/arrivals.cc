// Row 3: many devices arrive at once, twenty rules give them their profiles, Apple confirms each.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/os/files.h"
#include "base/text/json.h"
#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"

namespace muster::bench {
namespace {

constexpr double kMostOfFloor = 1.3;
constexpr long long kArrivals = 100'000;
constexpr long kBatch = 1000;

std::string body(const std::string& profile, const test::Serials& serials) {
  boost::json::object members{{"devices", test::to_json(serials)}};
  if (!profile.empty()) members["profile_uuid"] = profile;
  return write_json(members);
}

// Those that came at that time of the simulator's or later, by the profile that they have.
std::map<std::string, test::Serials> arrivals_by_profile(const test::Depsim& depsim, long long since_ms) {
  std::map<std::string, test::Serials> by_profile;
  for (long long offset = 0; offset < kArrivals; offset += kBatch) {
    const auto part = depsim.get(fmt::format("/control/accounts/default/devices?since={}&offset={}&limit={}",
                                             since_ms, offset, kBatch));
    for (const auto& row : part.at("devices").as_array())
      by_profile[std::string(row.at("profile_uuid").as_string())].emplace_back(
          row.at("serial_number").as_string());
  }
  return by_profile;
}

// Ready-made bodies of the calls that had to be made, as few as may be: bench/floor_assign.cc.
std::string batches(const std::map<std::string, test::Serials>& by_profile) {
  std::string text;
  for (const auto& [profile, serials] : by_profile)
    for (size_t first = 0; first < serials.size(); first += kBatch) {
      const auto begin = serials.begin() + static_cast<long>(first);
      const test::Serials part(begin, begin + std::min(kBatch, serials.end() - begin));
      text += body(profile, part) + "\n" + body("", part) + "\n";
    }
  return text;
}

struct Measured {
  Samples seconds, cpu, floor, ratio, share, memory;
};

void measure_once(long long stored, Measured& measured) {
  World world(stored);
  const auto server = world.server_with_all_stored();
  const test::Depsim& depsim = world.depsim();
  const std::string cursor = run_floor("floor_fetch", {depsim.url()}).output;
  const long long since_ms =
      depsim.post("/control/devices/add", {{"count", kArrivals}}).at("time_ms").to_number<long long>();

  const double cpu = cpu_seconds(server->pid()), depsim_cpu = cpu_seconds(depsim.pid());
  const Stopwatch watch;
  const auto report = server->sync();
  measured.seconds.add(watch.seconds());
  measured.cpu.add(cpu_seconds(server->pid()) - cpu);
  measured.share.add((cpu_seconds(depsim.pid()) - depsim_cpu) / measured.seconds.last());
  measured.memory.add(static_cast<double>(peak_memory(server->pid())));
  if (report.at("confirmed").to_number<long long>() != kArrivals ||
      report.at("waiting").to_number<int>() != 0)
    throw std::runtime_error("not all were assigned and confirmed: " + write_json(report));
  server->stop();

  const auto by_profile = arrivals_by_profile(depsim, since_ms);
  if (by_profile.size() != world.profiles().size()) throw std::runtime_error("a rule covered nothing");
  if (const auto written = write_file(world.path("batches"), batches(by_profile)); !written)
    throw std::runtime_error(written.error().text());
  measured.floor.add(run_floor("floor_assign", {depsim.url(), cursor, world.path("batches")}).seconds);
  measured.ratio.add(measured.seconds.last() / measured.floor.last());
}

}  // namespace

Samples arrivals_cpu_seconds(long long stored, int runs) {
  Measured measured;
  for (int i = 0; i < runs; ++i) measure_once(stored, measured);
  return measured.cpu;
}

Samples arrivals_seconds(long long stored, int runs) {
  Measured measured;
  for (int i = 0; i < runs; ++i) measure_once(stored, measured);
  return measured.seconds;
}

void measure_arrivals(const Options& options, const Tell& tell) {
  Measured measured;
  for (int i = 0; i < options.runs; ++i) measure_once(options.devices, measured);
  tell({.number = 3,
        .work = fmt::format("{} arrivals under 20 rules, assigned and confirmed, {} stored", kArrivals,
                            options.devices),
        .must = fmt::format("≤ {} × floor_assign", kMostOfFloor),
        .measured = fmt::format("{:.2f} s, {:.2f} CPU s", measured.seconds.median(), measured.cpu.median()),
        .floor = fmt::format("floor_assign {:.2f} s", measured.floor.median()),
        .ratio = fmt::format("{:.2f}", measured.ratio.median()),
        .depsim_share = measured.share.median(),
        .met = measured.ratio.median() <= kMostOfFloor});
  tell(memory_line(3, measured.memory));
}

}  // namespace muster::bench
