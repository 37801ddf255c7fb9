// Row 12: the server starts on a database with many devices and many accounts.
#include <fmt/format.h>

#include "bench/accounts.h"
#include "bench/rows/row.h"
#include "bench/world.h"

namespace muster::bench {
namespace {

constexpr int kAccounts = 1000;
constexpr double kMostMs = 200;

}  // namespace

void measure_start(const Options& options, const Tell& tell) {
  World world(options.devices, {"-accounts", account_names(kAccounts)});
  auto first = world.server_with_all_stored();
  add_accounts(world, *first, kAccounts);
  first->stop();

  Samples version, devices, accounts;
  for (int i = 0; i < options.runs; ++i) {
    const Stopwatch watch;
    Server server(world.depsim(), world.data());
    server.ask("GET", "/version");
    version.add(watch.seconds() * 1000);
    server.ask("GET", "/api/v1/devices?limit=100");
    devices.add(watch.seconds() * 1000);
    server.ask("GET", "/api/v1/accounts");
    accounts.add(watch.seconds() * 1000);
    server.stop();
  }
  tell({.number = 12,
        .work = fmt::format("start with {} devices and {} accounts", options.devices, kAccounts),
        .must = fmt::format("first API answer < {:.0f} ms", kMostMs),
        .measured = fmt::format("{:.0f} ms; then 100 devices after {:.0f} ms, all accounts after {:.0f} ms",
                                version.median(), devices.median(), accounts.median()),
        .met = devices.median() < kMostMs});
}

}  // namespace muster::bench
