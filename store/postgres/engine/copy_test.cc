#include "store/postgres/engine/copy.h"

#include <gtest/gtest.h>

#include "store/postgres/engine/rows.h"

namespace muster::postgres {
namespace {

TEST(Copy, GivesTheRowsThatWerePut) {
  CopyBytes bytes;
  bytes.begin();
  bytes.begin_row(5);
  bytes.add_number(-3, 2);
  bytes.add_number(std::int64_t{1} << 40, 8);
  bytes.add_null();
  bytes.add_text("");
  bytes.add_boolean(true);
  bytes.begin_row(1);
  bytes.add_text("text");
  bytes.end();

  std::string_view rest = bytes.view();
  std::vector<CopiedField> fields;
  ASSERT_TRUE(take_row(rest, fields).value());
  ASSERT_EQ(fields.size(), 5U);
  EXPECT_EQ(number_of(*fields[0]), -3);
  EXPECT_EQ(number_of(*fields[1]), std::int64_t{1} << 40);
  EXPECT_FALSE(fields[2]);
  EXPECT_EQ(fields[3], "");
  EXPECT_EQ(number_of(*fields[4]), 1);
  ASSERT_TRUE(take_row(rest, fields).value());
  EXPECT_EQ(fields, std::vector<CopiedField>{"text"});
  EXPECT_FALSE(take_row(rest, fields).value());
}

TEST(Copy, RefusesBytesThatAreNoRows) {
  CopyBytes bytes;
  bytes.begin();
  bytes.begin_row(1);
  bytes.add_text("text");
  std::vector<CopiedField> fields;
  for (size_t size = 1; size < bytes.size(); ++size) {
    std::string_view cut = bytes.view().substr(0, size);
    const auto taken = take_row(cut, fields);
    const bool is_whole_header = size == 19;
    EXPECT_EQ(taken.has_value(), is_whole_header) << size;
  }
}

}  // namespace
}  // namespace muster::postgres
