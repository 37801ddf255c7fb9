// The repository's sources, for the tests of the project's rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster::layers {

struct SourceFile {
  std::string path;  ///< from the root: "sim/main.cc"
  std::string text;

  std::string folder() const { return path.substr(0, path.find('/')); }
  /// What is between the first folder and the file: "run" for sync/run/page.cc, "" for sync/lane_runner.cc.
  std::string inner_folder() const;
  /// "http/url" for http/url.h, http/url.cc and http/url_test.cc: they belong together.
  std::string subject() const;
  bool is_header() const { return path.ends_with(".h"); }
  /// Compiled into tests, fuzzers or benchmarks only.
  bool is_for_tests() const;
};

/// Every .h and .cc below `root`, hidden directories and build directories left out, sorted by path.
std::vector<SourceFile> read_tree(const std::string& root);

struct Include {
  size_t line;         ///< from 1
  std::string header;  ///< as written between the quotes
};
/// The `#include "..."` lines. Those in <...> are libraries'.
std::vector<Include> includes_of(const SourceFile& file);

/// Complaints as one text, one a line, for a failing expectation.
std::string joined(const std::vector<std::string>& complaints);

}  // namespace muster::layers
