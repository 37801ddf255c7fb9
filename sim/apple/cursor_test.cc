#include "sim/apple/cursor.h"

#include <gtest/gtest.h>

#include "sim/world/codec.h"

namespace muster::sim {
namespace {

// Apple's cursors as seen: the answer of a sync in September 2018, and one of Apple's in May 2025.
TEST(Cursor, ReadsAndWritesWhatAppleSent) {
  const std::string seen = "MDowOjE1MzY0Mjc2OTg5MTQ6MTUzNjQyNzY5ODkxNDp0cnVlOjE1MzY0Mjc2OTg5MTQ";
  const auto cursor = Cursor::parse(seen);
  ASSERT_TRUE(cursor);
  EXPECT_EQ(cursor->limit, 0);
  EXPECT_EQ(cursor->offset, 0);
  EXPECT_EQ(cursor->last_operation_ms, 1'536'427'698'914);
  EXPECT_EQ(cursor->request_ms, 1'536'427'698'914);
  EXPECT_TRUE(cursor->fetch_complete);
  EXPECT_EQ(cursor->text(), seen);

  const auto later =
      Cursor::parse(to_base64("100:0:1746306115059:1746306482536:true:1746306115059", Padding::without));
  ASSERT_TRUE(later);
  EXPECT_EQ(later->limit, 100);
  EXPECT_EQ(later->last_operation_ms, 1'746'306'115'059);
  EXPECT_EQ(later->request_ms, 1'746'306'482'536);
}

TEST(Cursor, IsNeverPadded) {
  for (long long offset : {0, 10, 100}) {
    Cursor cursor;
    cursor.offset = offset;
    EXPECT_EQ(cursor.text().find('='), std::string::npos);
    EXPECT_EQ(Cursor::parse(cursor.text())->offset, offset);
  }
}

TEST(Cursor, RejectsWhatIsNone) {
  const auto encoded = [](const char* text) { return to_base64(text, Padding::without); };
  for (const std::string& bad :
       {std::string("nonsense!"), std::string(), encoded("1:2:3"), encoded("0:0:5:6:maybe:5"),
        encoded("0:0:5:6:true:7"), encoded("0:-1:5:6:true:5"), encoded("0:x:5:6:true:5"),
        encoded("0:0:5:6:true:5:9"), std::string(1001, 'A')})
    EXPECT_FALSE(Cursor::parse(bad)) << bad;
}

}  // namespace
}  // namespace muster::sim
