#include "api/live/event_text.h"

#include <gmock/gmock.h>

namespace muster::api::live {
namespace {

TEST(EventText, IsThatOfServerSentEvents) {
  const FeedEntry entry{.position = {17, from_millis(1'772'355'720'123)},
                        .account = AccountId{3},
                        .account_name = AccountName("sch\"ool\n"),
                        .type = FeedType::arrivals,
                        .body = R"({"arrived":1})"};
  EXPECT_EQ(event_text(entry),
            "id: 17-1772355720123\nevent: arrivals\n"
            "data: {\"account\":\"sch\\\"ool\\n\",\"at\":\"2026-03-01T09:02:00.123Z\",\"arrived\":1}\n\n");
  const FeedEntry of_all{.position = {18, {}}, .type = FeedType::audit, .body = R"({"key":"ci"})"};
  EXPECT_EQ(event_text(of_all),
            "id: 18-0\nevent: audit\ndata: {\"at\":\"1970-01-01T00:00:00.000Z\",\"key\":\"ci\"}\n\n");
}

TEST(EventText, APositionIsReadAsItIsWritten) {
  const FeedPosition position{17, from_millis(1'772'355'720'123)};
  EXPECT_EQ(position_of(text_of(position)), position);
  for (const char* text :
       {"", "17", "17-", "-17", "17-1-1", "17-x", "-1-1", "99999999999999999999-1", " 17-1"})
    EXPECT_EQ(position_of(text), std::nullopt) << text;
}

TEST(EventText, EveryTypeHasAWord) {
  for (const FeedType type : kFeedTypes) EXPECT_EQ(feed_type_of(word(type)), type);
  EXPECT_EQ(feed_type_of("ready"), std::nullopt);
}

TEST(EventText, ProgressHasNoId) {
  const auto text = progress_text(AccountName("school"), {.lanes = {Lane::changes}, .report = {.pages = 2}});
  EXPECT_TRUE(
      text.starts_with("event: progress\ndata: {\"account\":\"school\",\"lanes\":[\"changes\"],\"pages\":2,"))
      << text;
  EXPECT_TRUE(text.ends_with("}\n\n"));
}

}  // namespace
}  // namespace muster::api::live
