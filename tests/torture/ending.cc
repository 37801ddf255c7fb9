#include "tests/torture/ending.h"

#include <algorithm>
#include <csignal>
#include <stdexcept>

#include "tests/e2e/world/under_test_server.h"
#include "tests/support/eventually.h"
#include "tests/torture/victim.h"

namespace muster::torture {

using namespace std::chrono_literals;

std::vector<std::string> work_off(const std::vector<std::string>& flags) {
  test::UnderTestServer server(flags, SystemClock().now());
  constexpr int kLeast = 26, kMost = 200;
  bool quiet = false;
  for (int hours = 0; hours < kLeast || !quiet; ++hours) {
    if (hours == kMost) throw std::runtime_error("muster never became quiet\n" + server.output());
    const size_t mark = server.mark();
    const auto run_ends = [&] {
      server.advance(1h);
      return !server.events("sync.done", mark).empty();
    };
    if (!test::eventually(run_ends, 60s))
      throw std::runtime_error("waited in vain for the end of a run\n" + server.output());
    quiet = server.events("sync.done", mark).back().number("waiting") == 0;
  }
  auto complaints = complaints_in(server.log());
  server.send_signal(SIGTERM);
  if (server.wait_exit(test::kDeadline) != 0)
    throw std::runtime_error("muster did not stop\n" + server.output());
  return complaints;
}

void compare(const std::map<std::string, std::string>& profiles, const std::string& profile,
             const std::map<std::string, Must>& musts, Report& report) {
  for (const auto& [serial, must] : musts) {
    const auto found = profiles.find(serial);
    const std::string has = found == profiles.end() ? "(not in the account)" : found->second;
    if (must == Must::have && has != profile) report.lost.push_back(serial);
    if (must == Must::not_have && !has.empty()) report.wrong.push_back(serial);
  }
}

void find_repeated(const test::Depsim& depsim, const test::Serials& by_hand, const Portal& portal,
                   Report& report) {
  const auto calls = depsim.get("/control/calls");
  for (const auto& repeated : calls.at("repeated").as_array()) {
    std::string serial(repeated.as_string());
    if (std::find(by_hand.begin(), by_hand.end(), serial) != by_hand.end()) continue;
    if (portal.returned().contains(serial))
      ++report.returned_twice;
    else
      report.twice.push_back(std::move(serial));
  }
}

}  // namespace muster::torture
