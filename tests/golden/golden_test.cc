// Every command's words, exit code, requests and files, against tests/golden/cases/*.golden.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "base/os/files.h"
#include "cli/client/command.h"
#include "cli/run.h"
#include "tests/golden/golden_file.h"
#include "tests/golden/golden_run.h"
#include "tests/support/places.h"

namespace muster::golden {
namespace {

std::vector<std::string> case_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(test::source("tests/golden/cases")))
    if (entry.path().extension() == ".golden") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, IsAsWritten) {
  const auto text = read_file(GetParam());
  ASSERT_TRUE(text) << text.error().text();
  const std::string now = render(run(parse(*text)));
  const char* update = std::getenv("MUSTER_UPDATE_GOLDEN");
  if (update && std::string(update) == "1") {
    if (now != *text) {
      ASSERT_TRUE(write_file(GetParam(), now));
    }
    return;
  }
  EXPECT_EQ(*text, now) << GetParam()
                        << " differs. If the new words are meant, run again with MUSTER_UPDATE_GOLDEN=1";
}

INSTANTIATE_TEST_SUITE_P(Mdmctl, Golden, testing::ValuesIn(case_files()), [](const auto& tested) {
  return std::filesystem::path(tested.param).stem().string();
});

TEST(GoldenCases, CoverEveryCommandWithASuccess) {
  std::set<std::string> succeeded;
  for (const auto& file : case_files()) {
    const auto sections = parse(read_file(file).value_or(""));
    for (size_t i = 0; i + 1 < sections.size(); ++i) {
      if (sections[i].kind != "run" || sections[i + 1].kind != "exit" || sections[i + 1].argument != "0")
        continue;
      const auto words = split_words(sections[i].body);
      if (words.size() > 1) succeeded.insert(words[1]);
      if (words.size() > 2) succeeded.insert(words[1] + " " + words[2]);
    }
  }
  for (const auto& command : cli::commands())
    EXPECT_TRUE(succeeded.contains(command.name()))
        << "no golden case shows `mdmctl " << command.name() << "` at work";
}

// The manual's lines `  -name VALUE` that begin a flag, without the value.
std::vector<std::string> flags_of(const std::string& manual) {
  std::vector<std::string> flags;
  std::istringstream lines(manual);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("  -")) flags.push_back(line.substr(2, line.find(' ', 2) - 2));
  return flags;
}

TEST(Documentation, HasEveryCommandAndFlag) {
  const auto text = read_file(test::source("docs/mdmctl.md"));
  ASSERT_TRUE(text) << text.error().text();
  for (const auto& command : cli::commands()) {
    EXPECT_NE(std::string::npos, text->find("mdmctl " + command.name())) << command.name();
    std::ostringstream manual, err;
    cli::Environment environment{.out = manual,
                                 .err = err,
                                 .variable = [](const std::string&) { return std::string(); },
                                 .read_stdin = [](size_t) -> Result<std::string> { return std::string(); }};
    ASSERT_EQ(0, cli::run(split_words("help " + command.name()), environment)) << err.str();
    for (const auto& flag : flags_of(manual.str()))
      EXPECT_TRUE(text->find(flag + " ") != std::string::npos || text->find(flag + "`") != std::string::npos)
          << "docs/mdmctl.md does not explain " << flag << " of " << command.name();
  }
}

TEST(GoldenFile, RendersWhatItParsed) {
  const std::string text =
      "== about\nx\n== answer GET /v1/y 200\n{}\n\n== run\nmdmctl get y\n== exit 0\n== stdout\na  b\n";
  EXPECT_EQ(text, render(parse(text)));
}

TEST(GoldenFile, KeepsQuotedWordsTogether) {
  EXPECT_EQ((std::vector<std::string>{"mdmctl", "-filter=family = iPad", "*", ""}),
            split_words("mdmctl -filter='family = iPad' '*' ''\n"));
}

}  // namespace
}  // namespace muster::golden
