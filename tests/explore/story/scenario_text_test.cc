// What the explorer prints is in the language of tests/scenario: each line is a sentence of its manual, but
// for what is in parentheses, which the language cannot say.
#include "tests/explore/story/scenario_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/os/files.h"
#include "tests/explore/story/grammar.h"
#include "tests/scenario/pattern.h"
#include "tests/support/places.h"

namespace muster::explore {
namespace {

// The sentences in the manual's tables: `| `PATTERN` | what happens |`.
std::vector<test::Pattern> sentences() {
  std::vector<test::Pattern> patterns;
  std::istringstream manual(*read_file(test::source("tests/scenario/README.md")));
  bool begun = false;  // before it, a table explains the words in capitals
  for (std::string line; std::getline(manual, line);) {
    begun = begun || line.starts_with("## At Apple");
    if (!begun || !line.starts_with("| `")) continue;
    std::istringstream parts(line.substr(0, line.rfind("` |") + 1));
    for (std::string part; std::getline(parts, part, '`') && std::getline(parts, part, '`');)
      patterns.emplace_back(part);
  }
  return patterns;
}

bool is_sentence(const std::vector<test::Pattern>& patterns, const std::string& line) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return pattern.match(line).has_value(); });
}

TEST(ScenarioText, IsMadeOfTheSentencesOfTheManual) {
  auto patterns = sentences();
  ASSERT_GT(patterns.size(), 60u);
  for (const char* sentence : {"Apple answers CALL with the body JSON, TIMES[, after N good]",
                               "Apple answers CALL with the body TEXT, TIMES[, after N good]",
                               "Apple changes the answer of CALL by JSON, TIMES[, after N good]",
                               "Apple changes every row of CALL by JSON, TIMES[, after N good]",
                               "Apple rejects every CALL that contains SERIALS with STATUS[ WORD], TIMES",
                               "Apple's clock is DURATION ahead"})
    patterns.emplace_back(sentence);
  for (long long number = 0; number < 2000; ++number) {
    const Story story = draw_story(1, number);
    if (story.plot.devices > 100) continue;
    std::istringstream text(scenario_text(story, {}));
    for (std::string line; std::getline(text, line);) {
      if (line.starts_with("#") || line.starts_with("  ") || line.find('(') != std::string::npos) continue;
      ASSERT_TRUE(is_sentence(patterns, line)) << "story " << number << ": " << line;
    }
  }
}

}  // namespace
}  // namespace muster::explore
