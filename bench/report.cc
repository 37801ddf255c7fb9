#include "bench/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

namespace muster::bench {
namespace {

// The simulator may be at work for a fifth of the time; more, and it is measured rather than the server.
constexpr double kMostOfSimulator = 0.2;

std::string share(const Line& line) {
  if (!line.depsim_share) return "";
  return fmt::format("{:.0f} %{}", *line.depsim_share * 100,
                     *line.depsim_share > kMostOfSimulator ? " (too much)" : "");
}

std::string columns(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

}  // namespace

std::string report(const Options& options, std::vector<Line> lines) {
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.number < b.number; });
  std::string text = "# Measured by `./dev bench`\n\n";
  text += describe_machine(std::filesystem::temp_directory_path().string()) + "\n\n";
  text += fmt::format(
      "{:%Y-%m-%d}, {} devices, medians of {} run{}; jobs that others ran on the machine when it began: {:.1f}. \"depsim\" is the CPU time of the simulator as a part of "
      "the wall time.\n\n",
      fmt::gmtime(std::time(nullptr)), options.devices, options.runs, options.runs == 1 ? "" : "s",
      options.load);
  text += columns({"#", "work", "must be", "measured", "floor", "ratio", "depsim", "met"});
  text += columns({"-", "-", "-", "-", "-", "-", "-", "-"});
  for (const Line& line : lines)
    text += columns({std::to_string(line.number), line.work, line.must, line.measured, line.floor, line.ratio,
                     share(line), line.met ? "yes" : "**no**"});
  return text;
}

}  // namespace muster::bench
