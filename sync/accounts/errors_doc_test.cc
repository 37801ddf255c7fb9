// docs/errors.md lists the messages and remedies of account states.
#include <gtest/gtest.h>

#include "base/os/files.h"
#include "base/time/rfc3339.h"
#include "model/text/words.h"
#include "sync/accounts/health.h"
#include "tests/support/markdown.h"
#include "tests/support/places.h"

namespace muster::sync {
namespace {

const Time kToday = *parse_rfc3339("2026-11-23T09:00:00Z");

// The state of the row `expiring`, N days left` or `impaired`, N missing`.
Health state_for(const std::string& row) {
  const int number = std::stoi(row.substr(row.find(", ") + 2));
  TokenInfo token;
  SyncState state;
  state.changes = Cursor("C");
  if (row.starts_with("expiring"))
    token.access_token_expiry = kToday + std::chrono::days(number) + std::chrono::hours(1);
  if (row.starts_with("impaired")) {
    state.many_missing = number;
    state.many_missing_since = kToday;
  }
  return with_lanes({}, {}, true, state, {}, token, kToday);
}

TEST(ErrorsDocument, HasTheMessagesOfAccountStates) {
  const auto rows =
      test::table_under(read_file(test::source("docs/errors.md")).value_or(""), "Account states");
  ASSERT_GE(rows.size(), 5U);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 3U);
    const Health health = state_for(row[0]);
    EXPECT_TRUE(row[0].starts_with(std::string(word(health.state)) + ",")) << row[0];
    EXPECT_EQ(health.message, row[1]) << row[0];
    EXPECT_EQ(health.remedy, row[2]) << row[0];
  }
}

}  // namespace
}  // namespace muster::sync
