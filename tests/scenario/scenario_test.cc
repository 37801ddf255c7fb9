// Runs tests/scenario/*.txt, each as a test of its own. README.md explains the sentences.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/os/files.h"
#include "tests/scenario/failed.h"
#include "tests/scenario/sentences.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

// The scenarios of a folder, by name.
std::vector<std::string> scenarios(const std::string& folder) {
  std::vector<std::string> paths;
  if (!std::filesystem::exists(folder)) return paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string folder() { return source("tests/scenario"); }
std::string name_of(const std::string& path) { return std::filesystem::path(path).stem(); }

struct File {
  std::string path;
};
void PrintTo(const File& file, std::ostream* out) { *out << name_of(file.path); }

std::vector<File> files() {
  std::vector<File> all;
  for (auto& path : scenarios(folder())) all.push_back({path});
  return all;
}

class Scenario : public testing::TestWithParam<File> {};

TEST_P(Scenario, EndsAsItMust) {
  const std::string& path = GetParam().path;
  const Script script = read_script(path);
  std::vector<Understood> story;
  for (const auto& step : script.steps) {
    try {
      story.push_back(understand(step));
    } catch (const Failed& failed) {
      FAIL() << path << ":" << step.line << ": " << failed.what();
    }
  }

  Stage stage;
  for (size_t i = 0; i < story.size(); ++i) {
    const Step& step = script.steps[i];
    try {
      story[i].sentence->act(stage, story[i].words, step);
    } catch (const std::exception& failed) {
      ADD_FAILURE_AT(path.c_str(), step.line) << step.text << "\n" << failed.what();
      // What was expected was wrong, and the story continues; an act that failed ends it.
      if (!step.text.starts_with("expect")) break;
    }
  }
  if (HasFailure()) std::fputs(("--- " + script.story + "--- Muster's log\n" + stage.log()).c_str(), stderr);
}

INSTANTIATE_TEST_SUITE_P(FieldFailures, Scenario, testing::ValuesIn(files()), [](const auto& tested) {
  std::string name = name_of(tested.param.path);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// Each row of the table of field failures: its letter, and how many of them there are.
TEST(Scenarios, NameEveryRowOfTheFieldFailures) {
  std::vector<std::string> names;
  for (const auto& path : scenarios(folder())) names.push_back(name_of(path));
  for (const auto& [letter, rows] : {std::pair('L', 13), {'S', 10}, {'T', 6}, {'B', 6}, {'G', 3}}) {
    for (int row = 1; row <= rows; ++row) {
      const std::string start = letter + std::string(row < 10 ? "0" : "") + std::to_string(row) + "-";
      EXPECT_TRUE(
          std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.starts_with(start); }))
          << "no scenario begins with " << start;
    }
  }
}

TEST(Scenarios, ThatWaitForTheProductAreUnderstoodAllTheSame) {
  for (const auto& path : scenarios(folder() + "/pending")) {
    const Script script = read_script(path);
    for (const auto& step : script.steps) {
      try {
        understand(step);
      } catch (const Failed& failed) {
        ADD_FAILURE_AT(path.c_str(), step.line) << failed.what();
      }
    }
  }
}

TEST(Scenarios, AreExplained) {
  const auto manual = read_file(folder() + "/README.md");
  ASSERT_TRUE(manual) << manual.error().text();
  for (const auto& sentence : sentences())
    EXPECT_NE(manual->find("`" + std::string(sentence.pattern) + "`"), std::string::npos) << sentence.pattern;
}

}  // namespace
}  // namespace muster::test
