#include "tests/e2e/world/tour.h"

#include <regex>

#include "base/os/files.h"
#include "tests/support/eventually.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

// What every run shows differently: the UUIDs that Apple makes up, and the time.
std::string without_chance(const std::string& text) {
  auto plain = std::regex_replace(text, std::regex("\\b[0-9A-F]{32}\\b"), "UUID");
  plain = std::regex_replace(plain, std::regex("\"time\":\"[^\"]*\",\"time_ms\":[0-9]+"), "\"time\":TIME");
  return std::regex_replace(plain, std::regex("[0-9-]{10}T[0-9:]{8}Z"), "TIME");
}

// What is in progress when it is asked for is asked again until it is there.
bool shows_what_is_under_way(const std::string& command) {
  for (const char* word : {" get ", " explain ", " plan"})
    if (command.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

// The addresses and the key of this test for those of the tour.
std::string Tour::here(std::string text) {
  text = replace_all(text, "build/", "");
  text = replace_all(text, "http://127.0.0.1:8070", depsim().url());
  text = replace_all(text, "http://127.0.0.1:8080", muster().url());
  return replace_all(text, "change-me-please", kApiKey);
}

void Tour::expect(const std::string& document, const Example& example) {
  const std::string command = here(example.command), expected = without_chance(here(example.output));
  const bool fails = expected.starts_with("mdmctl: ");
  // Users read before they type on; by then a backfill over forty devices is over, and is no part of the next
  // plan.
  ASSERT_TRUE(
      comes_true([&] { return call("GET", "/api/v1/backfill").body.find("\"none\"") != std::string::npos; }));
  std::string got;
  const bool same = eventually(
      [&] {
        const auto result = run(command);
        got = without_chance(fails ? result.err : result.out);
        return (result.exit == 0) != fails && got == expected;
      },
      shows_what_is_under_way(example.command) ? kDeadline : std::chrono::seconds(0));
  EXPECT_TRUE(same) << document << ":" << example.line << ": $ " << example.command << "\nshows\n"
                    << expected << "but gives\n"
                    << got;
}

void Tour::take(const std::string& document, const std::string& section, long long devices) {
  const auto text = read_file(source(document));
  ASSERT_TRUE(text) << text.error().text();
  const auto tour = examples_in(*text, section);
  ASSERT_GE(tour.size(), 8u);
  EXPECT_EQ(tour[0].command, "build/depsim -listen 127.0.0.1:8070 -devices " + std::to_string(devices));
  start_depsim({"-devices", std::to_string(devices)});
  EXPECT_EQ(
      tour[1].command,
      "build/muster serve -depsim http://127.0.0.1:8070 -api-key change-me-please -tls=false -http-addr "
      "127.0.0.1:8080 -config-path ~/muster-try");
  start_muster();
  await_baseline(devices);
  for (size_t i = 2; i < tour.size(); ++i) expect(document, tour[i]);
}

}  // namespace muster::test
