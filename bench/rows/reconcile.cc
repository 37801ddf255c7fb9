// Row 9: the full list is read again, and nothing has changed.
#include <fmt/format.h>

#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"

namespace muster::bench {
namespace {

// The cursor goes on with every page: two pages of the database and their headers in its log, and again when
// the log is merged into it. A device that is written costs hundreds.
constexpr double kMostBytesWritten = 40;

}  // namespace

void measure_reconcile(const Options& options, const Tell& tell) {
  World world(options.devices);
  Samples seconds, cpu, baseline_seconds, ratio, written, memory, share;
  for (int i = 0; i < options.runs; ++i) {
    Server server(world.depsim(), world.new_directory());
    baseline_seconds.add(world.read_baseline(server).seconds);
    const double cpu_before = cpu_seconds(server.pid()), depsim_before = cpu_seconds(world.depsim().pid());
    const long long written_before = bytes_written(server.pid());
    const Stopwatch watch;
    const auto report = server.sync("&full=1");
    seconds.add(watch.seconds());
    cpu.add(cpu_seconds(server.pid()) - cpu_before);
    share.add((cpu_seconds(world.depsim().pid()) - depsim_before) / seconds.last());
    written.add(static_cast<double>(bytes_written(server.pid()) - written_before) /
                static_cast<double>(options.devices));
    memory.add(static_cast<double>(peak_memory(server.pid())));
    ratio.add(seconds.last() / baseline_seconds.last());
    if (report.at("devices").to_number<long long>() != options.devices)
      throw std::runtime_error("the full list was not read");
    server.stop();
  }
  tell({.number = 9,
        .work = fmt::format("reconcile of {} unchanged devices", options.devices),
        .must = "≤ row 1, no write per device",
        .measured = fmt::format("{:.2f} s, {:.2f} CPU s, {:.1f} bytes written a device", seconds.median(),
                                cpu.median(), written.median()),
        .floor = fmt::format("row 1 {:.2f} s", baseline_seconds.median()),
        .ratio = fmt::format("{:.2f}", ratio.median()),
        .depsim_share = share.median(),
        .met = ratio.median() <= 1 && written.median() < kMostBytesWritten});
  tell(memory_line(9, memory));
}

}  // namespace muster::bench
