// Applies the project's rules to every file, and tests the rules themselves with files that violate them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/layers/rules.h"
#include "tests/layers/standard_headers.h"
#include "tests/support/places.h"

namespace muster::layers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<SourceFile>& tree() {
  static const auto kTree = read_tree(test::source(""));
  return kTree;
}

template <class Check>
std::vector<std::string> in_every_file(Check check) {
  std::vector<std::string> all;
  for (const auto& file : tree())
    for (auto& complaint : check(file)) all.push_back(std::move(complaint));
  return all;
}

TEST(House, IsRead) { EXPECT_GT(tree().size(), 50u) << "looked in " << test::source(""); }

TEST(House, IncludesGoOneWay) {
  const auto complaints = in_every_file(check_includes);
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(House, SourcesIncludeTheirOwnHeaderFirst) {
  const auto complaints = check_own_header(tree());
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(House, FilesHaveTheirShape) {
  const auto complaints = in_every_file(check_shape);
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(House, FoldersAreSmall) {
  const auto complaints = check_folders(tree());
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(House, HeadersIncludeWhatTheyUse) {
  const auto complaints = check_standard_headers(tree());
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(House, EveryHeaderIsUsed) {
  const auto complaints = check_use(tree());
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

TEST(Rules, NameFileLineAndWhatIsAllowed) {
  EXPECT_THAT(
      check_includes({"base/x.cc", "// why\n#include \"base/x.h\"\n#include \"http/url.h\"\n"}),
      ElementsAre(
          "base/x.cc:3: must not include \"http/url.h\": base/ may include, beside itself, nothing else"));
  EXPECT_THAT(check_includes({"apple/x.h", "#include \"store/store.h\"\n"}),
              ElementsAre(HasSubstr("apple/ may include, beside itself, base/, http/, model/")));
}

TEST(Rules, ForbidEveryWayBack) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"model", "http"},   {"model", "store"},    {"store", "http"},  {"store", "assign"},
      {"http", "model"},   {"assign", "store"},   {"assign", "http"}, {"sync", "api"},
      {"api", "app"},      {"cli", "api"},        {"cli", "store"},   {"app", "cli"},
      {"app", "sim"},      {"sim", "apple"},      {"sim", "model"},   {"filter", "assign"},
      {"profile", "http"}, {"model", "filter"},   {"sim", "profile"}, {"base", "tests"},
      {"sync", "tests"},   {"unheard_of", "base"}};
  for (const auto& [from, to] : wrong)
    EXPECT_EQ(check_includes({from + "/x.cc", "#include \"" + to + "/y.h\"\n"}).size(), 1u)
        << from << " -> " << to;
}

TEST(Rules, AllowTheWayForward) {
  const std::vector<std::pair<std::string, std::string>> right = {
      {"model", "base"}, {"store", "model"}, {"apple", "http"}, {"sync", "apple"},
      {"sync", "store"}, {"api", "sync"},    {"app", "api"},    {"cli", "http"},
      {"sim", "http"},   {"sim", "sim"},     {"tests", "sim"},  {"tests", "apple"}};
  for (const auto& [from, to] : right)
    EXPECT_THAT(check_includes({from + "/x.cc", "#include \"" + to + "/y.h\"\n"}), IsEmpty())
        << from << " -> " << to;
}

TEST(Rules, HoldInsideAFolder) {
  EXPECT_THAT(check_includes({"sync/work/x.cc", "#include \"sync/run/y.h\"\n"}),
              ElementsAre(HasSubstr("sync/run is not below sync/work")));
  EXPECT_THAT(check_includes({"http/client/x.cc", "#include \"http/server/net/y.h\"\n"}), testing::SizeIs(1));
  EXPECT_THAT(check_includes({"sync/new/x.cc", "#include \"sync/work/y.h\"\n"}),
              ElementsAre(HasSubstr("sync/new has no place")));
  EXPECT_THAT(check_includes({"sync/run/x.cc", "#include \"sync/work/y.h\"\n"}), IsEmpty());
  EXPECT_THAT(check_includes({"sync/x.cc", "#include \"sync/run/y.h\"\n"}), IsEmpty());
}

TEST(Rules, CountTheFilesOfAFolder) {
  std::vector<SourceFile> many;
  for (int i = 0; i < 31; ++i) many.push_back({"base/" + std::to_string(i) + ".cc", ""});
  EXPECT_THAT(check_folders(many), ElementsAre(HasSubstr("base/: 31 files")));
  many.pop_back();
  EXPECT_THAT(check_folders(many), IsEmpty());
}

TEST(Rules, KeepTheSimulatorApart) {
  const std::string client = "#include \"http/client/client.h\"\n";
  EXPECT_THAT(check_includes({"sim/x.cc", client}), ElementsAre(HasSubstr("server side only")));
  EXPECT_THAT(check_includes({"sim/x_test.cc", client}), IsEmpty());
  EXPECT_THAT(check_includes({"sim/x_test.cc", "#include \"apple/session/token.h\"\n"}),
              ElementsAre(HasSubstr("must not share a mistake")));
}

TEST(Rules, WantIncludesFromTheRoot) {
  EXPECT_EQ(check_includes({"base/x.cc", "#include \"x.h\"\n"}).size(), 1u);
  EXPECT_EQ(check_includes({"base/x.cc", "#include \"../base/x.h\"\n"}).size(), 1u);
}

TEST(Rules, KnowAHeadersShape) {
  EXPECT_THAT(check_shape({"base/x.h", "// What it is.\n#pragma once\n"}), IsEmpty());
  EXPECT_EQ(check_shape({"base/x.h", "#pragma once\n"}).size(), 2u);
  EXPECT_EQ(check_shape({"base/x.h", "// What it is.\n"}).size(), 1u);
  EXPECT_EQ(check_shape({"base/x.cc", std::string(601, '\n')}).size(), 1u);
}

TEST(Rules, FindTheHeaderThatRestsOnOthers) {
  const SourceFile rests{"base/x.h",
                         "// What it is.\n#include \"base/y.h\"\nstd::string a;\nstd::vector<int> b;\n"};
  EXPECT_THAT(check_standard_headers({rests, {"base/y.h", "#include <string>\n"}}),
              ElementsAre("base/x.h: uses std::vector and does not include <vector>"));
  EXPECT_THAT(check_standard_headers({rests, {"base/y.h", "#include <string>\n#include <vector>\n"}}),
              IsEmpty());
  EXPECT_THAT(check_standard_headers({{"base/z.h", "// std::string\nint my_std::string_view;\n"}}),
              IsEmpty());
}

TEST(Rules, WantASourcesOwnHeaderFirst) {
  const SourceFile header{"base/x.h", ""};
  EXPECT_THAT(check_own_header({{"base/x.cc", "// why\n#include \"base/x.h\"\n#include <map>\n"}, header}),
              IsEmpty());
  EXPECT_THAT(check_own_header({{"base/x.cc", "#include <map>\n#include \"base/x.h\"\n"}, header}),
              ElementsAre("base/x.cc: must include \"base/x.h\" before anything else"));
  EXPECT_THAT(check_own_header({{"base/x.cc", "int x;\n"}, header}), testing::SizeIs(1));
  EXPECT_THAT(check_own_header({{"base/y.cc", "#include <map>\n"}, header}), IsEmpty());
}

TEST(Rules, FindTheUnusedHeader) {
  const SourceFile header{"base/x.h", ""}, own{"base/x.cc", "#include \"base/x.h\"\n"},
      test{"base/x_test.cc", "#include \"base/x.h\"\n"}, other{"http/y.cc", "#include \"base/x.h\"\n"};
  EXPECT_EQ(check_use({header, own, test}).size(), 1u);
  EXPECT_THAT(check_use({header, own, test, other}), IsEmpty());
}

}  // namespace
}  // namespace muster::layers
