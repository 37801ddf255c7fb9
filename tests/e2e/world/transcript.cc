#include "tests/e2e/world/transcript.h"

#include <sstream>

namespace muster::test {

std::vector<Example> examples_in(const std::string& markdown, const std::string& section) {
  std::vector<Example> examples;
  bool in_section = section.empty(), in_example = false;
  std::string blank;  // lines that belong to the output if more of it follows
  std::istringstream lines(markdown);
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("## ")) in_section = section.empty() || line == "## " + section;
    if (!in_section) continue;
    if (line.starts_with("    $ ")) {
      examples.push_back({.command = line.substr(6), .output = "", .line = number});
      in_example = true;
      blank.clear();
    } else if (in_example && line.empty()) {
      blank += "\n";
    } else if (in_example && line.starts_with("    ")) {
      examples.back().output += blank + line.substr(4) + "\n";
      blank.clear();
    } else {
      in_example = false;
    }
  }
  return examples;
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace muster::test
