// docs/depsim.md is the manual: it must have every flag, every control call and every endpoint.
#include <gtest/gtest.h>

#include <sstream>

#include "base/os/files.h"
#include "sim/test_service.h"
#include "tests/support/places.h"

namespace muster::sim {
namespace {

std::string manual() {
  const auto text = read_file(test::source("docs/depsim.md"));
  EXPECT_TRUE(text) << text.error().text();
  return text.value_or("");
}

std::string without_backticks(std::string text) {
  std::erase(text, '`');
  return text;
}

TEST(Manual, HasEveryFlagWithItsDefault) {
  const std::string text = manual();
  std::istringstream usage(parse_options({"-help"}).error().message);
  std::string flag;
  for (std::string line; std::getline(usage, line);) {
    if (line.starts_with("  -")) {
      flag = line.substr(2, line.find(' ', 2) - 2);
      EXPECT_NE(text.find("`" + flag + "`"), std::string::npos) << flag;
    }
    if (line.starts_with("      ")) {
      const std::string help = line.substr(6, line.find(" (default ") - 6);
      if (help.starts_with("environment: ")) continue;  // the sentence before it says so
      const size_t row = text.find("| `" + flag + "` |");
      EXPECT_NE(without_backticks(text.substr(row, text.find('\n', row) - row)).find("| " + help),
                std::string::npos)
          << "docs/depsim.md describes " << flag << " otherwise than -help: " << help;
    }
    const size_t at = line.find("(default ");
    if (at == std::string::npos) continue;
    const std::string value = line.substr(at + 9, line.rfind(')') - at - 9);
    EXPECT_NE(text.find("| `" + flag + "` | " + value + " |"), std::string::npos)
        << flag << " should have " << value;
  }
}

TEST(Manual, HasEveryControlCallAndEndpoint) {
  const std::string text = manual();
  TestService service;
  const auto answer = service.control("GET", "");
  for (const auto& call : answer.at("calls").as_array())
    EXPECT_NE(text.find(std::string(call.as_string())), std::string::npos) << call.as_string();
  for (const auto& endpoint : kEndpoints) {
    EXPECT_NE(text.find(endpoint.text()), std::string::npos) << endpoint.text();
    EXPECT_NE(text.find("`" + std::string(endpoint.name) + "`"), std::string::npos) << endpoint.name;
  }
}

}  // namespace
}  // namespace muster::sim
