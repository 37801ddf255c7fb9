// ./dev explore: runs stories until one violates an invariant.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <random>

#include "base/log/log.h"
#include "base/text/flags.h"
#include "tests/explore/explore.h"

namespace {

namespace explore = muster::explore;

// The server's log of a thousand stories a minute is of no use to anyone; of one story it is.
void silence_log() {
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null != -1) ::dup2(null, STDERR_FILENO);
}

}  // namespace

int main(int argc, char** argv) {
  long long seed = 0, minutes = 1, story = -1, findings = 10;
  muster::FlagSet flags(
      "./dev explore",
      "Tells stories in which Apple answers wrongly, and looks for one that ends as none may.");
  flags.add("seed", &seed, "of every choice; a random one without it");
  flags.add("minutes", &minutes, "how long");
  flags.add("story", &story, "only the story of this number, with the server's log");
  flags.add("findings", &findings, "end with so many different findings");
  const auto rest = flags.parse({argv + 1, argv + argc});
  if (!rest) {
    std::fputs((rest.error().text() + "\n").c_str(), stderr);
    return rest.error().code == muster::Code::cancelled ? 0 : 2;
  }
  explore::Plan plan{.seed = flags.given("seed") ? static_cast<std::uint64_t>(seed) : std::random_device{}(),
                     .length = std::chrono::minutes(minutes),
                     .most_findings = static_cast<size_t>(findings)};
  if (flags.given("story")) {
    plan.story = story;
  } else {
    silence_log();
    muster::log::set_level(muster::log::Level::error);
  }
  fmt::print("seed {}\n", plan.seed);
  std::fflush(stdout);
  try {
    return explore::explore(plan) == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
    return 2;
  }
}
