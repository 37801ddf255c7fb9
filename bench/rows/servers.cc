// Rows 25 and 26: a provider with many accounts, three servers and nothing new; and one of the servers is
// killed.
#include <fmt/format.h>

#include <csignal>
#include <thread>

#include "bench/postgres.h"
#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"
#include "tests/support/eventually.h"

namespace muster::bench {
namespace {

using namespace std::chrono_literals;

constexpr long long kDevicesOfAccount = 100;
constexpr size_t kServers = 3;
constexpr double kMostOfCore = 0.15;
constexpr double kMostSeconds = 15;
constexpr auto kWatched = 60s;

std::string name_of(long long account) {
  return account == 0 ? "default" : fmt::format("customer-{:05}", account);
}

// Accounts that living servers work, and how many servers live.
struct Shares {
  long long accounts = 0;
  size_t servers = 0;
};
Shares shares(Server& server) {
  Shares shares;
  const auto answer = server.ask("GET", "/api/v1/servers");
  for (const auto& each : answer.at("servers").as_array()) {
    if (each.at("state") != "alive") continue;
    ++shares.servers;
    shares.accounts += each.at("accounts").to_number<long long>();
  }
  return shares;
}

}  // namespace

// A hundredth of the devices are accounts.
void measure_servers(const Options& options, const Tell& tell) {
  const long long accounts = std::max(options.devices / kDevicesOfAccount, 30LL);
  const OnPostgres on_postgres;
  test::Depsim depsim({"-devices", std::to_string(kDevicesOfAccount)});
  const test::TempDir directory;
  std::vector<std::unique_ptr<Server>> servers;
  for (size_t i = 0; i < kServers; ++i)
    servers.push_back(
        std::make_unique<Server>(depsim, directory.file("data"),
                                 std::vector<std::string>{"-server-name", fmt::format("server-{}", i)}));
  for (long long i = 1; i < accounts; ++i) {
    const std::string name = name_of(i);
    depsim.post("/control/accounts", {{"name", name}});
    depsim.add(kDevicesOfAccount, name);
    servers[0]->ask("PUT", "/api/v1/accounts/" + name,
                    {{"token", depsim.get("/control/accounts/" + name + "/token")}});
  }
  const auto all_read = [&] {
    return test::PostgresCluster::query(test::PostgresCluster::shared().database(directory.file("data")),
                                        "SELECT count(*) FROM account WHERE baseline_done = 0") == "0\n";
  };
  if (!test::eventually(all_read, 30min)) throw std::runtime_error("not all lists were read");
  std::this_thread::sleep_for(2min);  // each has been polled once since

  const auto of_servers = [&] {
    double seconds = 0;
    for (const auto& server : servers) seconds += cpu_seconds(server->pid());
    return seconds;
  };
  Samples of_core, of_database;
  for (int i = 0; i < options.runs; ++i) {
    const double servers_before = of_servers(), database_before = database_cpu_seconds();
    const Stopwatch watch;
    std::this_thread::sleep_for(kWatched);  // what is measured is how much happens in that time
    const double database = database_cpu_seconds() - database_before;
    of_core.add((of_servers() - servers_before + database) / watch.seconds());
    of_database.add(database / watch.seconds());
  }
  tell({.number = 25,
        .work = fmt::format("{} accounts of {} devices, three servers, idle, every 2 minutes", accounts,
                            kDevicesOfAccount),
        .must = fmt::format("≤ {:.0f} % of a core for all three and PostgreSQL", kMostOfCore * 100),
        .measured = fmt::format("{:.1f} %, of which PostgreSQL {:.1f} %", of_core.median() * 100,
                                of_database.median() * 100),
        .met = of_core.median() <= kMostOfCore});

  servers[2]->send_signal(SIGKILL);
  const Stopwatch watch;
  const bool taken = test::eventually(
      [&] {
        const auto now = shares(*servers[0]);
        return now.servers == kServers - 1 && now.accounts == accounts;
      },
      2min);
  const double seconds = watch.seconds();
  tell({.number = 26,
        .work = "the same, one server killed",
        .must = fmt::format("every account worked again within {:.0f} s", kMostSeconds),
        .measured = taken ? fmt::format("{:.1f} s", seconds) : "never",
        .met = taken && seconds <= kMostSeconds});
  for (size_t i = 0; i + 1 < kServers; ++i) servers[i]->stop();
}

}  // namespace muster::bench
