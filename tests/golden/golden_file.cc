#include "tests/golden/golden_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace muster::golden {
namespace {

constexpr std::string_view kMark = "== ";
constexpr std::array<std::string_view, 9> kInputs = {"about", "no config", "wrong key", "server down", "env",
                                                     "file",  "answer",    "stdin",     "run"};
constexpr std::array<std::string_view, 5> kResults = {"exit", "stdout", "stderr", "request", "wrote"};

Section section_of(const std::string& header) {
  const auto begins = [&](std::string_view kind) {
    return header == kind || header.starts_with(std::string(kind) + " ");
  };
  for (const auto* kinds : {kInputs.data(), kResults.data()}) {
    const size_t count = kinds == kInputs.data() ? kInputs.size() : kResults.size();
    for (size_t i = 0; i < count; ++i)
      if (begins(kinds[i]))
        return {std::string(kinds[i]),
                header.size() > kinds[i].size() ? header.substr(kinds[i].size() + 1) : "", ""};
  }
  ADD_FAILURE() << "no section of a golden file is called \"" << header << "\"";
  return {"about", header, ""};
}

}  // namespace

std::vector<Section> parse(const std::string& text) {
  std::vector<Section> sections;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kMark))
      sections.push_back(section_of(line.substr(kMark.size())));
    else if (sections.empty())
      ADD_FAILURE() << "a golden file begins with a section, not with \"" << line << "\"";
    else
      sections.back().body += line + "\n";
  }
  return sections;
}

std::string render(const std::vector<Section>& sections) {
  std::string text;
  for (const auto& section : sections)
    text += std::string(kMark) + section.kind + (section.argument.empty() ? "" : " " + section.argument) +
            "\n" + section.body;
  return text;
}

bool is_result(const Section& section) {
  return std::find(kResults.begin(), kResults.end(), section.kind) != kResults.end();
}

std::vector<std::string> split_words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false, quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
      in_word = true;
    } else if (!quoted && (c == ' ' || c == '\n')) {
      if (in_word) words.push_back(word);
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

}  // namespace muster::golden
