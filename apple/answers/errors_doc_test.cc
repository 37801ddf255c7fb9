// docs/errors.md lists each of Apple's error codes with its message and remedy.
#include <gtest/gtest.h>

#include "apple/answers/error_word.h"
#include "apple/answers/word_table.h"
#include "base/os/files.h"
#include "tests/support/markdown.h"
#include "tests/support/places.h"

namespace muster::apple {
namespace {

std::string document() { return read_file(test::source("docs/errors.md")).value_or(""); }

TEST(ErrorsDocument, HasTheTableOfErrorCodes) {
  const auto rows = test::table_under(document(), "Apple's error codes");
  ASSERT_EQ(rows.size(), word_table().size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const WordMeaning& meaning = word_table()[i];
    ASSERT_EQ(rows[i].size(), 3U) << meaning.word;
    EXPECT_EQ(rows[i][0], meaning.word);
    EXPECT_EQ(rows[i][1], meaning.says) << meaning.word;
    EXPECT_EQ(rows[i][2], meaning.hint) << meaning.word;
  }
}

TEST(ErrorsDocument, HasTheGeneralMessages) {
  const auto rows = test::table_under(document(), "General messages");
  ASSERT_GE(rows.size(), 5U);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 2U);
    const size_t space = row[0].find(' ');
    const auto error =
        error_of({std::stoi(row[0]), {}, row[0].substr(space + 1)}, {"GET /account", false}, Time{});
    EXPECT_EQ(error.message, row[1]) << row[0];
  }
}

}  // namespace
}  // namespace muster::apple
