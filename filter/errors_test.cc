// Every way to write a wrong filter, and what is said to it: filter/testdata/filter_errors.txt, which
// MUSTER_UPDATE_GOLDEN=1 writes anew.
//
// Two lines a case: `> ` and the filter, then the message. {U+00A0} and {0xFF} in a filter stand for a
// character and a byte, {TEXT}*9 for a text that comes nine times.
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>
#include <sstream>

#include "base/os/files.h"
#include "base/text/utf8.h"
#include "filter/read.h"
#include "tests/support/places.h"

namespace muster::assign {
namespace {

constexpr const char* kFile = "filter/testdata/filter_errors.txt";

std::string character(unsigned long code) {
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
  return {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
          static_cast<char>(0x80 | (code & 0x3F))};
}

std::string spelled_out(std::string text) {
  static const std::regex kSpecial(R"(\{([^{}]*)\}(?:\*(\d+))?)");
  std::string out;
  for (std::smatch found; std::regex_search(text, found, kSpecial); text = found.suffix()) {
    out += found.prefix();
    const std::string inner = found[1];
    if (inner.starts_with("U+"))
      out += character(std::stoul(inner.substr(2), nullptr, 16));
    else if (inner.starts_with("0x"))
      out += static_cast<char>(std::stoul(inner.substr(2), nullptr, 16));
    else
      for (unsigned long i = std::stoul("0" + found[2].str()); i > 0; --i) out += inner;
  }
  return out + text;
}

std::string message_for(const std::string& filter) {
  const auto read = Filter::parse(filter);
  if (read) {
    ADD_FAILURE() << "this filter is understood: " << filter;
    return "(understood)";
  }
  EXPECT_EQ(read.error().code, Code::invalid) << filter;
  EXPECT_TRUE(is_utf8(read.error().text())) << filter;
  EXPECT_EQ(read.error().text().find('\n'), std::string::npos) << "one line: " << filter;
  return read.error().text();
}

TEST(FilterErrors, AreAsWritten) {
  const std::string path = test::source(kFile);
  const auto text = read_file(path);
  ASSERT_TRUE(text) << text.error().text();
  std::istringstream lines(*text);
  std::string now;
  size_t cases = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("> ")) {
      now += line + "\n" + message_for(spelled_out(line.substr(2))) + "\n";
      ++cases;
    } else if (line.empty() || line.starts_with("#")) {
      now += line + "\n";
    }
  }
  EXPECT_GT(cases, 90u);
  const char* update = std::getenv("MUSTER_UPDATE_GOLDEN");
  if (update && std::string(update) == "1") {
    ASSERT_TRUE(write_file(path, now));
    return;
  }
  EXPECT_EQ(*text, now) << kFile
                        << " differs. If the new words are meant, run again with MUSTER_UPDATE_GOLDEN=1";
}

}  // namespace
}  // namespace muster::assign
