#include "cli/csv.h"

#include <gtest/gtest.h>

namespace muster::cli {
namespace {

TEST(Csv, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ("a,b c,\r\n", csv_record({"a", "b c", ""}));
  EXPECT_EQ("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\"cr\r\"\r\n",
            csv_record({"a,b", "say \"hi\"", "two\r\nlines", "cr\r"}));
}

}  // namespace
}  // namespace muster::cli
