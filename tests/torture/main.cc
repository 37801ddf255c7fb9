// ./dev torture: kills the server a thousand times and counts the devices that were lost.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>

#include "base/text/flags.h"
#include "tests/torture/servers.h"
#include "tests/torture/torture.h"

namespace {

namespace torture = muster::torture;

// The directory stays when something is wrong, for whoever looks into it.
constexpr size_t kNamedDevices = 20;

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{} min {:.1f} s", time.count() / 60'000,
                     static_cast<double>(time.count() % 60'000) / 1000);
}

void list(const char* what, const std::vector<std::string>& items) {
  for (size_t i = 0; i < std::min(items.size(), kNamedDevices); ++i) fmt::print("  {}: {}\n", what, items[i]);
  if (items.size() > kNamedDevices) fmt::print("  ... and {} more\n", items.size() - kNamedDevices);
}

void print(const torture::Plan& plan, const torture::Report& report) {
  int troubles = 0;
  for (const auto& [kind, count] : report.troubles) troubles += count;
  fmt::print("seed {}\n", plan.seed);
  if (plan.servers > 1)
    fmt::print("faults {}, servers {}\n", report.kills, plan.servers);
  else
    fmt::print("kills {} ({} while it started)\n", report.kills, report.kills_at_start);
  fmt::print("arrivals {}, done by hand {}\n", report.arrivals, report.by_hand);
  fmt::print("calls to Apple {}\n", report.calls);
  fmt::print("troubles {}\n", troubles);
  for (const auto& [kind, count] : report.troubles) fmt::print("  {} {}\n", count, kind);
  fmt::print("devices lost {}\n", report.lost.size());
  list("lost", report.lost);
  fmt::print("devices wrong {}\n", report.wrong.size());
  list("wrong", report.wrong);
  fmt::print("devices assigned twice {}\n", report.twice.size());
  list("twice", report.twice);
  fmt::print("devices assigned again after they came back, while an assignment was on its way {}\n",
             report.returned_twice);
  if (plan.servers > 1) {
    fmt::print("writes refused {}\n", report.refused);
    fmt::print("longest time from a fail-over to writes {}\n", seconds(report.longest_pause));
  }
  fmt::print("internal errors {}\n", report.complaints.size());
  list("log", report.complaints);
  fmt::print("time {}\n", seconds(report.time));
}

int run(const torture::Plan& plan) {
  std::string directory = (std::filesystem::temp_directory_path() / "muster-torture-XXXXXX").string();
  if (!::mkdtemp(directory.data())) throw std::runtime_error("cannot make a directory like " + directory);
  fmt::print("seed {}, {} kills, in {}\n", plan.seed, plan.kills, directory);
  std::fflush(stdout);
  bool good = false;
  try {
    const auto report = plan.servers > 1 ? torture::torture_servers(plan, directory, std::cout)
                                         : torture::torture(plan, directory, std::cout);
    print(plan, report);
    good = report.good();
  } catch (const std::exception& error) {
    fmt::print("seed {}: {}\n", plan.seed, error.what());
  }
  if (good)
    std::filesystem::remove_all(directory);
  else
    fmt::print("the database and the log stay in {}\n", directory);
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  long long kills = 1000, seed = 0, minutes = 0;
  muster::FlagSet flags("./dev torture", "Kills the server again and again and counts the devices it lost.");
  flags.add("kills", &kills, "how often");
  flags.add("seed", &seed, "of every choice; a random one without it");
  flags.add("minutes", &minutes, "no more kills after this time; 0 is no limit");
  long long servers = 1;
  std::string database;
  flags.add("servers", &servers, "with -database: how many servers share it");
  flags.add("database", &database,
            "postgresql: several servers on one database, and -kills faults of all kinds", "postgresql");
  const auto rest = flags.parse({argv + 1, argv + argc});
  if (!rest) {
    std::fputs((rest.error().text() + "\n").c_str(), stderr);
    return rest.error().code == muster::Code::cancelled ? 0 : 2;
  }
  if ((!database.empty() && database != "postgresql") || (database.empty() != (servers == 1)) ||
      servers < 1 || servers > 9) {
    std::fputs("use -database postgresql with -servers 2 to 9\n", stderr);
    return 2;
  }
  torture::Plan plan;
  plan.servers = static_cast<int>(servers);
  plan.kills = static_cast<int>(kills);
  plan.seed = flags.given("seed") ? static_cast<std::uint64_t>(seed) : std::random_device{}();
  plan.limit = std::chrono::minutes(minutes);
  return run(plan);
}
