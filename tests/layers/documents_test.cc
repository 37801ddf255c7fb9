// What the documents say about the tree is so: paths, links, the map of folders, the calls of the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/layers/source_tree.h"
#include "tests/support/markdown.h"
#include "tests/support/places.h"

namespace muster::layers {
namespace {

using test::source;

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(source(path)).rdbuf();
  return text.str();
}

std::vector<std::string> documents() {
  std::vector<std::string> paths = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "fuzz/README.md",
                                    "tests/scenario/README.md"};
  for (const auto& entry : std::filesystem::directory_iterator(source("docs")))
    if (entry.path().extension() == ".md") paths.push_back("docs/" + entry.path().filename().string());
  return paths;
}

std::vector<std::string> all_matches(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at)
    found.push_back((*at)[1]);
  return found;
}

// `x/y.cc`: of the top-level folders, without placeholders and patterns.
std::vector<std::string> paths_in(const std::string& text) {
  return all_matches(
      text,
      "`((?:api|app|apple|assign|base|bench|cli|docs|filter|fuzz|http|model|profile|sim|store|sync|"
      "tests|tools)/[a-z0-9_./-]*)`");
}

// As GitHub makes it from a heading.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_')
      anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (c == ' ')
      anchor += '-';
  }
  return anchor;
}

TEST(Documents, NamePathsThatExist) {
  size_t seen = 0;
  for (const auto& document : documents()) {
    for (const auto& path : paths_in(text_of(document))) {
      ++seen;
      EXPECT_TRUE(std::filesystem::exists(source(path))) << document << " names " << path;
    }
  }
  EXPECT_GE(seen, 100U);
}

TEST(Documents, LinkToWhatExists) {
  for (const auto& document : documents()) {
    const auto folder = std::filesystem::path(document).parent_path();
    for (const auto& link : all_matches(text_of(document), "\\]\\(([^):]+)\\)")) {
      const size_t hash = link.find('#');
      const std::string target =
          hash == 0 ? document : (folder / link.substr(0, hash)).lexically_normal().string();
      ASSERT_TRUE(std::filesystem::exists(source(target))) << document << " links to " << link;
      if (hash == std::string::npos) continue;
      std::set<std::string> anchors;
      for (const auto& heading : all_matches(text_of(target), "(?:^|\n)#+ ([^\n]*)"))
        anchors.insert(anchor_of(heading));
      EXPECT_TRUE(anchors.contains(link.substr(hash + 1))) << document << " links to " << link;
    }
  }
}

TEST(Documents, AnswerWhereThingsBelongByFolders) {
  const auto rows = test::table_under(text_of("CONTRIBUTING.md"), "Where things belong");
  EXPECT_GE(rows.size(), 10U);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 2U);
    EXPECT_TRUE(std::filesystem::is_directory(source(row[1].substr(0, row[1].find(',')))))
        << row[0] << ": " << row[1];
  }
}

TEST(Documents, MapEveryFolderOfSources) {
  const auto map = paths_in(text_of("ARCHITECTURE.md"));
  const std::set<std::string> mapped(map.begin(), map.end());
  for (const auto& file : read_tree(source(""))) {
    const std::string folder = file.path.substr(0, file.path.rfind('/') + 1);
    if (folder.starts_with("tests/") || folder.starts_with("fuzz/") || folder.starts_with("bench/") ||
        folder.starts_with("cmake/"))
      continue;
    EXPECT_TRUE(mapped.contains(folder)) << folder << " is not in the map of ARCHITECTURE.md";
  }
}

TEST(Documents, DescribeEveryCallOfTheApi) {
  const std::string manual = text_of("docs/api.md"), routes = text_of("api/routing/route_table.cc");
  const std::regex entry("\\{\"([A-Z]+)\", \"(/[^\"]*)\", ");
  size_t seen = 0;
  for (std::sregex_iterator at(routes.begin(), routes.end(), entry), end; at != end; ++at, ++seen) {
    const std::string path = std::regex_replace(std::string((*at)[2]), std::regex("\\.\\.\\."), "");
    EXPECT_THAT(manual, testing::HasSubstr("`" + std::string((*at)[1]) + " " + path)) << "docs/api.md";
  }
  EXPECT_GE(seen, 40U);
}

}  // namespace
}  // namespace muster::layers
