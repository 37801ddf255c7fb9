// What golden files cannot show: output that cannot be written. The words are in tests/golden.
#include "cli/run.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <sstream>

namespace muster::cli {
namespace {

// A full disk, or a pipe that nobody reads.
class BrokenOutput : public std::streambuf {};

TEST(Run, FailsWhenTheOutputCannotBeWritten) {
  errno = 0;
  BrokenOutput nowhere;
  std::ostream out(&nowhere);
  std::ostringstream err;
  Environment environment{.out = out,
                          .err = err,
                          .variable = [](const std::string&) { return std::string(); },
                          .read_stdin = [](size_t) -> Result<std::string> { return std::string(); }};
  EXPECT_EQ(1, run({"version"}, environment));
  EXPECT_EQ("mdmctl: version: the output could not be written completely\n", err.str());
}

}  // namespace
}  // namespace muster::cli
