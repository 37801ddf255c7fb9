// A scenario as written: its story, then sentences, some with indented lines under them.
#pragma once

#include <string>
#include <vector>

namespace muster::test {

struct Step {
  int line = 0;  ///< in the file, from 1
  std::string text = {};
  std::vector<std::string> block = {};  ///< the indented lines under it, without the indentation
  int block_line = 0;                   ///< where they begin
};

struct Script {
  std::string path;
  std::string story;  ///< the comment at the top, without the `#`
  std::vector<Step> steps;
};

/// Throws Failed, with file and line, when it cannot be read or has no story.
Script read_script(const std::string& path);

}  // namespace muster::test
