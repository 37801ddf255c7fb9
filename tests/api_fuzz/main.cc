// ./dev fuzz api: sends requests made from docs/openapi.yaml, right and wrong ones, to a server.
#include <fmt/format.h>

#include <cstdio>
#include <random>

#include "base/text/flags.h"
#include "tests/api_fuzz/fuzz.h"
#include "tests/e2e/world/described_api.h"

namespace {

namespace api_fuzz = muster::api_fuzz;

void print(const api_fuzz::Report& report) {
  long long all = 0;
  for (const auto& [status, count] : report.answers) all += count;
  fmt::print("requests {}\n", all);
  for (const auto& [status, count] : report.answers) fmt::print("  {}: {}\n", status, count);
  fmt::print("calls with a success {} of {}\n", report.succeeded.size(), report.calls);
  for (const auto& call : muster::test::described_api().calls())
    if (!report.succeeded.contains(call.name())) fmt::print("  none: {}\n", call.name());
  fmt::print("findings {}\n", report.findings.size());
  for (const auto& finding : report.findings) fmt::print("  {}\n", finding);
}

}  // namespace

int main(int argc, char** argv) {
  long long seed = 0, seconds = 60;
  muster::FlagSet flags("./dev fuzz api",
                        "Sends requests made from docs/openapi.yaml, right and wrong ones, to a server.");
  flags.add("seed", &seed, "of every choice; a random one without it");
  flags.add("seconds", &seconds, "how long");
  const auto rest = flags.parse({argv + 1, argv + argc});
  if (!rest) {
    std::fputs((rest.error().text() + "\n").c_str(), stderr);
    return rest.error().code == muster::Code::cancelled ? 0 : 2;
  }
  if (!rest->empty() || seconds < 1) {
    std::fputs("use -seconds N and -seed N only\n", stderr);
    return 2;
  }
  const api_fuzz::Plan plan{
      .seed = flags.given("seed") ? static_cast<std::uint64_t>(seed) : std::random_device{}(),
      .time = std::chrono::seconds(seconds)};
  fmt::print("seed {}, {} s\n", plan.seed, seconds);
  std::fflush(stdout);
  const auto report = api_fuzz::fuzz(plan);
  print(report);
  return report.findings.empty() ? 0 : 1;
}
