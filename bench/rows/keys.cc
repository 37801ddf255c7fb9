// Row 27: what an API key and the audit add to a call.
#include <fmt/format.h>

#include "base/text/json.h"
#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"
#include "model/audit.h"
#include "store/sqlite/open.h"
#include "tests/e2e/world/api_call.h"

namespace muster::bench {
namespace {

constexpr long long kDevices = 10'000;
constexpr int kKeys = 50;
constexpr int kEntries = 1'000'000;
constexpr int kCalls = 20'000;
constexpr double kMost = 1.03;

void fill_audit(const std::string& directory) {
  constexpr int kStep = 10'000;
  const auto store = sqlite::open(directory);
  if (!store) throw std::runtime_error(store.error().text());
  for (int i = 0; i < kEntries; i += kStep) {
    const auto done = (*store)->write(installation, [&](Writer& writer) -> Result<> {
      MUSTER_TRY(AuditLink last, writer.end_of_audit());
      for (int k = 0; k < kStep; ++k) {
        AuditEntry entry{
            .link = {last.number + 1, {}},
            .at = from_millis(1'772'355'600'000 + last.number),
            .actor = {"ci", "192.0.2.1", "ann@example", "1f0c2a9be314-42", "default"},
            .change = {"rule.saved", "family = iPad", R"({"priority":100})", R"({"priority":7})"}};
        entry.link.digest = audit_digest(last.digest, entry);
        MUSTER_TRY(writer.add_audit(entry));
        last = entry.link;
      }
      return {};
    });
    if (!done) throw std::runtime_error(done.error().text());
  }
}

// Keys of the server; the text of the last one.
std::string make_keys(Server& server) {
  std::string text;
  for (int i = 0; i < kKeys; ++i) {
    const auto made = server.ask("PUT", fmt::format("/api/v1/keys/key{}", i),
                                 {{"role", "read"}, {"accounts", {"default"}}});
    text = std::string(made.at("api_key").as_string());
  }
  return text;
}

// Microseconds of CPU of a call.
double cost_of_call(Server& server, const std::string& key) {
  http::Client client;
  const double before = cpu_seconds(server.pid());
  for (int i = 0; i < kCalls; ++i) {
    const auto answer = client.send(test::api_request(server.url(), key, "GET", "/api/v1/rules"));
    if (!answer || answer->status != 200)
      throw std::runtime_error(answer ? answer->body : answer.error().text());
  }
  return (cpu_seconds(server.pid()) - before) * 1e6 / kCalls;
}

}  // namespace

void measure_keys(const Options& options, const Tell& tell) {
  World world(kDevices);
  const auto plain_data = world.new_directory(), full_data = world.new_directory();
  {
    Server server(world.depsim(), full_data);
    server.stop();
  }
  fill_audit(full_data);
  const std::vector<std::string> quiet{"-sync-interval", "24h", "-log-level", "warn"};
  Server plain(world.depsim(), plain_data, quiet), full(world.depsim(), full_data, quiet);
  const auto key = make_keys(full);
  Samples without, with;
  for (int i = 0; i < options.runs; ++i) {
    without.add(cost_of_call(plain, kApiKey));
    with.add(cost_of_call(full, key));
  }
  plain.stop();
  full.stop();
  const double ratio = with.median() / without.median();
  tell({.number = 27,
        .work = fmt::format("a call with one of {} API keys, {} entries in the audit", kKeys, kEntries),
        .must = fmt::format("at most {:.0f} % more CPU than with the server's own key and neither",
                            (kMost - 1) * 100),
        .measured = fmt::format("{:.1f} us", with.median()),
        .floor = fmt::format("{:.1f} us", without.median()),
        .ratio = fmt::format("{:.3f}", ratio),
        .met = ratio <= kMost});
}

}  // namespace muster::bench
