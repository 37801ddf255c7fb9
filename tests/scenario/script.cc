#include "tests/scenario/script.h"

#include <fmt/format.h>

#include <sstream>

#include "base/os/files.h"
#include "base/text/strings.h"
#include "tests/scenario/failed.h"

namespace muster::test {

Script read_script(const std::string& path) {
  const auto text = read_file(path);
  if (!text) throw Failed(text.error().text());
  Script script{.path = path, .story = {}, .steps = {}};
  std::istringstream lines(*text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string content(trim(line));
    if (content.empty()) continue;
    if (content.starts_with("#")) {
      if (script.steps.empty()) script.story += content.substr(1) + "\n";
      continue;
    }
    if (line.front() != ' ') {
      script.steps.push_back({.line = number, .text = content, .block = {}, .block_line = 0});
      continue;
    }
    if (script.steps.empty())
      throw Failed(fmt::format("{}:{}: an indented line belongs to the sentence above it", path, number));
    Step& step = script.steps.back();
    if (step.block.empty()) step.block_line = number;
    step.block.push_back(content);
  }
  if (script.story.empty())
    throw Failed(path + ":1: a scenario begins with a comment: what happened, and what must be true");
  if (script.steps.empty()) throw Failed(path + ":1: a scenario needs sentences");
  return script;
}

}  // namespace muster::test
