#include "store/postgres/engine/value.h"

#include <gtest/gtest.h>

#include "model/ids.h"

namespace muster::postgres {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

TEST(PostgresValue, IsInNetworkOrder) {
  EXPECT_EQ(encode(std::int64_t{-2}).bytes, bytes({255, 255, 255, 255, 255, 255, 255, 254}));
  EXPECT_EQ(encode(std::int64_t{258}).bytes, bytes({0, 0, 0, 0, 0, 0, 1, 2}));
  EXPECT_TRUE(encode(std::optional<std::int64_t>()).is_null);
}

TEST(PostgresValue, IsAnArrayWithNulls) {
  const std::vector<std::optional<Time>> times{from_millis(1), std::nullopt};
  const Value array = column(times);
  EXPECT_EQ(array.type, Type::bigint_array);
  EXPECT_EQ(array.bytes, bytes({0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 20, 0,   0,   0,   2,  0, 0, 0, 1,  //
                                0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1,  255, 255, 255, 255}));
}

TEST(PostgresValue, HasTextsAsTheyAre) {
  const std::vector<Serial> serials{Serial("A"), Serial("")};
  const Value array = column(serials);
  EXPECT_EQ(array.type, Type::text_array);
  EXPECT_EQ(array.bytes, bytes({0, 0, 0, 1, 0,   0, 0, 1, 0, 0, 0, 25, 0, 0, 0, 2, 0, 0, 0, 1,  //
                                0, 0, 0, 1, 'A', 0, 0, 0, 0}));
  EXPECT_EQ(column(std::vector<Serial>()).bytes, bytes({0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 25}));
}

}  // namespace
}  // namespace muster::postgres
