// The examples of a document: the lines that begin with `$ ` in its indented blocks, each with the output
// shown under it.
#pragma once

#include <string>
#include <vector>

namespace muster::test {

struct Example {
  std::string command;
  std::string output;  ///< with its last newline; "" when none is shown
  size_t line;         ///< of the command in the document, from 1
};

/// Those under the heading `## section`, or under every heading when it is "".
std::vector<Example> examples_in(const std::string& markdown, const std::string& section = {});

/// `text` with `to` in every place of `from`: what an example names for what a test has.
std::string replace_all(std::string text, const std::string& from, const std::string& to);

}  // namespace muster::test
