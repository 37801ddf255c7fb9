// Row 28: what webhooks cost a sync: many devices arrive, are assigned and confirmed, with three receivers,
// one of them dead.
#include <fmt/format.h>

#include <atomic>

#include "base/text/json.h"
#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"
#include "tests/support/eventually.h"
#include "tests/support/loopback_server.h"

namespace muster::bench {
namespace {

constexpr double kMostForWebhooks = 1.05;
constexpr long long kDevicesTold = 100'000;
// Arrived, assigned, confirmed.
constexpr long long kEventsOfEach = 3;
constexpr auto kUntilAllCame = std::chrono::minutes(5);

// Counts the devices that it is told of.
class CountingReceiver {
 public:
  ~CountingReceiver() { server_->stop(std::chrono::seconds(5)); }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/", server_->port()); }
  long long events() const { return events_; }

 private:
  http::Response answer(const http::Request& request) {
    constexpr std::string_view kEvent = "\"serial_number\":";
    for (size_t at = request.body.find(kEvent); at != std::string::npos;
         at = request.body.find(kEvent, at + 1))
      ++events_;
    return {204, {}, ""};
  }

  std::atomic<long long> events_ = 0;
  std::unique_ptr<http::Server> server_ =
      test::start_on_loopback([this](const http::Request& request) { return answer(request); }, 2);
};

struct SyncCost {
  Samples seconds, cpu;
};

void sync_arrivals(World& world, bool has_webhooks, SyncCost& cost) {
  CountingReceiver first, second;
  const auto server = world.server_with_all_stored({"-webhook-allow-private"});
  const auto add = [&](const char* name, const std::string& url) {
    server->ask("PUT", fmt::format("/api/v1/webhooks/{}", name), {{"url", url}, {"topics", {"device.*"}}});
  };
  if (has_webhooks) {
    add("first", first.url());
    add("second", second.url());
    add("dead", "http://127.0.0.1:1/");
  }
  world.depsim().post("/control/devices/add", {{"count", kDevicesTold}});
  const double cpu = cpu_seconds(server->pid());
  const Stopwatch watch;
  const auto report = server->sync();
  cost.seconds.add(watch.seconds());
  cost.cpu.add(cpu_seconds(server->pid()) - cpu);
  if (report.at("confirmed").to_number<long long>() != kDevicesTold)
    throw std::runtime_error("not all were confirmed: " + write_json(report));
  const long long all = has_webhooks ? kEventsOfEach * kDevicesTold : 0;
  if (!test::eventually([&] { return first.events() == all && second.events() == all; }, kUntilAllCame))
    throw std::runtime_error(
        fmt::format("{} and {} of {} events came", first.events(), second.events(), all));
  server->stop();
}

}  // namespace

void measure_webhooks(const Options& options, const Tell& tell) {
  SyncCost without, with;
  for (int i = 0; i < options.runs; ++i)
    for (const bool has_webhooks : {false, true}) {
      World world(options.devices);
      sync_arrivals(world, has_webhooks, has_webhooks ? with : without);
    }
  const double ratio = with.seconds.median() / without.seconds.median();
  tell(
      {.number = 28,
       .work = fmt::format(
           "{} arrivals, assigned and confirmed, with three webhooks, one of them dead; {} stored",
           kDevicesTold, options.devices),
       .must = fmt::format("≤ {} × without webhooks", kMostForWebhooks),
       .measured = fmt::format("{:.2f} s, {:.2f} CPU s", with.seconds.median(), with.cpu.median()),
       .floor = fmt::format("without {:.2f} s, {:.2f} CPU s", without.seconds.median(), without.cpu.median()),
       .ratio = fmt::format("{:.3f}", ratio),
       .met = ratio <= kMostForWebhooks});
}

}  // namespace muster::bench
