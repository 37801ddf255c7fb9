// README.md's tour, typed as it stands there: what it shows is what one gets.
#include <regex>

#include "base/files.h"
#include "tests/e2e/transcript.h"
#include "tests/e2e/world.h"
#include "tests/support/eventually.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

// What every run shows differently: the UUIDs that Apple makes up, and the time.
std::string without_chance(const std::string& text) {
  const auto plain = std::regex_replace(text, std::regex("\\b[0-9A-F]{32}\\b"), "UUID");
  return std::regex_replace(plain, std::regex("\"time\":\"[^\"]*\",\"time_ms\":[0-9]+"), "\"time\":TIME");
}

class Readme : public World {
 protected:
  // The addresses and the key of this test for those of the tour.
  std::string here(std::string text) {
    text = replace_all(text, "build/", "");
    text = replace_all(text, "http://127.0.0.1:8070", depsim().url());
    text = replace_all(text, "http://127.0.0.1:8080", muster().url());
    return replace_all(text, "change-me-please", kApiKey);
  }

  // What was asked to be done may be under way: asked again until it is there.
  void expect_example(const Example& example) {
    const std::string command = here(example.command), expected = without_chance(here(example.output));
    std::string got;
    const bool same = eventually(
        [&] {
          const auto result = run(command);
          got = without_chance(result.out);
          return result.exit == 0 && got == expected;
        },
        example.command.find(" get ") == std::string::npos ? std::chrono::seconds(0) : kDeadline);
    EXPECT_TRUE(same) << "README.md:" << example.line << ": $ " << example.command << "\nshows\n"
                      << expected << "but gives\n"
                      << got;
  }
};

TEST_F(Readme, TourGivesWhatItShows) {
  const auto text = read_file(source("README.md"));
  ASSERT_TRUE(text) << text.error().text();
  const auto tour = examples_in(*text, "Two minutes");
  ASSERT_GE(tour.size(), 8u);
  EXPECT_EQ(tour[0].command, "build/depsim -listen 127.0.0.1:8070 -devices 20");
  start_depsim({"-devices", "20"});
  EXPECT_EQ(
      tour[1].command,
      "build/muster serve -depsim http://127.0.0.1:8070 -api-key change-me-please -tls=false -http-addr "
      "127.0.0.1:8080 -config-path /tmp/muster");
  start_muster();
  await_baseline(20);
  for (size_t i = 2; i < tour.size(); ++i) expect_example(tour[i]);
}

}  // namespace
}  // namespace muster::test
