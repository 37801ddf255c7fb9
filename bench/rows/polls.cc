// Row 4: Apple has nothing new.
#include <fmt/format.h>

#include <thread>

#include "bench/accounts.h"
#include "bench/rows/row.h"
#include "bench/usage.h"

namespace muster::bench {
namespace {

constexpr int kAccounts = 1000;
constexpr double kMostMs = 1;
constexpr double kMostOfCore = 0.03;
constexpr double kIntervalSeconds = 120;
// Every account ten times as often as every two minutes and more: the shorter, the more polls in the same
// time.
constexpr const char* kInterval = "10s";
constexpr auto kWatched = std::chrono::seconds(20);

}  // namespace

Samples poll_ms(long long stored, int runs) {
  World world(stored, {"-accounts", account_names(kAccounts)});
  auto server = world.server_with_all_stored();
  add_accounts(world, *server, kAccounts);
  server->stop();
  Samples ms;
  Server polling(world.depsim(), world.data(), {"-sync-interval", kInterval});
  for (int i = -1; i < runs; ++i) {
    const long long calls = world.depsim().calls("POST /devices/sync");
    const double cpu = cpu_seconds(polling.pid());
    std::this_thread::sleep_for(kWatched);  // what is measured is how much happens in that time
    const auto polls = static_cast<double>(world.depsim().calls("POST /devices/sync") - calls);
    if (i >= 0)
      ms.add((cpu_seconds(polling.pid()) - cpu) * 1000 / polls);  // the first time it has just started
  }
  polling.stop();
  return ms;
}

void measure_polls(const Options& options, const Tell& tell) {
  const auto ms = poll_ms(options.devices, options.runs);
  const double of_core = ms.median() / 1000 * kAccounts / kIntervalSeconds;
  tell({.number = 4,
        .work = fmt::format("idle poll; {} accounts every 2 minutes, {} devices stored", kAccounts,
                            options.devices),
        .must = fmt::format("< {:.0f} ms CPU a poll; < {:.0f} % of a core", kMostMs, kMostOfCore * 100),
        .measured = fmt::format("{:.2f} ms CPU a poll; {:.1f} % of a core", ms.median(), of_core * 100),
        .met = ms.median() < kMostMs && of_core < kMostOfCore});
}

}  // namespace muster::bench
