#include "cli/output/progress.h"

#include <gmock/gmock.h>

#include <sstream>

namespace muster::cli {
namespace {

TEST(Progress, ReplacesItsTextAndTakesItAway) {
  std::ostringstream err;
  Progress progress(err, true);
  progress.show("");
  EXPECT_EQ(err.str(), "") << "there was none";
  progress.show("1 of 2");
  progress.show("");
  EXPECT_EQ(err.str(), "\r\033[K1 of 2\r\033[K");
}

TEST(Progress, IsForTerminals) {
  std::ostringstream err;
  Progress progress(err, false);
  progress.show("1 of 2");
  { Progress::Waiting waiting(progress, "waiting"); }
  EXPECT_EQ(err.str(), "");
}

TEST(Progress, SaysNothingOfWhatIsShort) {
  std::ostringstream err;
  Progress progress(err, true);
  { Progress::Waiting waiting(progress, "waiting for the server"); }
  EXPECT_EQ(err.str(), "");
}

}  // namespace
}  // namespace muster::cli
