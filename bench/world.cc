#include "bench/world.h"

#include <filesystem>
#include <stdexcept>

#include "base/text/strings.h"
#include "bench/usage.h"
#include "tests/support/eventually.h"
#include "tests/support/places.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/process.h"

namespace muster::bench {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> depsim_flags(long long devices, const std::vector<std::string>& more) {
  std::vector<std::string> flags{"-devices", std::to_string(devices), "-pages-ahead"};
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

}  // namespace

World::World(long long devices, const std::vector<std::string>& flags, std::vector<std::string> filters)
    : devices_(devices), filters_(std::move(filters)), depsim_(depsim_flags(devices, flags)) {
  make_rules();
}

// The server is kept from its first page while it gets its rules, and then told to wait.
void World::make_rules() {
  depsim_.hold("fetch");
  Server server(depsim_, path("rules"));
  for (const auto& filter : filters_) {
    const std::string name = "Profile " + std::to_string(profiles_.size() + 1);
    const auto defined = server.ask("PUT", "/v1/dep/profiles",
                                    {{"profile_name", name}, {"url", "https://mdm.example.org/enroll"}});
    profiles_.emplace_back(defined.at("profile_uuid").as_string());
    server.ask("PUT", "/api/v1/rules", {{"filter", filter}, {"profile_uuid", profiles_.back()}});
  }
  if (!test::eventually([&] { return depsim_.faults_are_used_up(); }, 30s))
    throw std::runtime_error("the server never asked for its first page\n" + server.output());
  server.pause(true);
  server.stop();
}

std::string World::new_directory() {
  std::string directory = path("data" + std::to_string(++directories_));
  if (test::tests_on_postgres())
    test::PostgresCluster::shared().copy_database(path("rules"), directory);
  else
    std::filesystem::copy(path("rules"), directory);
  return directory;
}

World::Baseline World::read_baseline(Server& server) {
  const double cpu = cpu_seconds(server.pid()), depsim_cpu = cpu_seconds(depsim_.pid());
  const Stopwatch watch;
  server.pause(false);
  server.await_line("event=sync.done");
  return {.seconds = watch.seconds(),
          .cpu_seconds = cpu_seconds(server.pid()) - cpu,
          .depsim_cpu_seconds = cpu_seconds(depsim_.pid()) - depsim_cpu};
}

std::unique_ptr<Server> World::server_with_all_stored(const std::vector<std::string>& flags) {
  data_ = new_directory();
  auto server = std::make_unique<Server>(depsim_, data_, flags);
  read_baseline(*server);
  return server;
}

FloorRun run_floor(const std::string& name, const std::vector<std::string>& arguments) {
  std::vector<std::string> command{test::binary("bench/" + name)};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const Stopwatch watch;
  const auto done = test::run_program(command, {}, {}, 1h);
  if (done.exit != 0) throw std::runtime_error(name + " failed: " + done.err);
  return {watch.seconds(), std::string(trim(done.out))};
}

}  // namespace muster::bench
