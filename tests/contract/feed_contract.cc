// What a store promises of the feed: it is read in the order of the commits, and nothing is ever added in
// front of what was read.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FeedEntry entry(const std::string& body, AccountId account = {}) {
  return {.position = {0, from_millis(1'772'355'600'123)},
          .account = account,
          .type = FeedType::backfill,
          .body = body};
}

std::vector<std::string> bodies(const std::vector<FeedEntry>& entries) {
  std::vector<std::string> list;
  for (const auto& each : entries) list.push_back(each.body);
  return list;
}

}  // namespace

TEST_P(StoreContract, WhatTheFeedTellsOfAnAccountGoesWithIt) {
  const auto account = make_account("school");
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_to_feed(entry("its own", account)));
    return w.add_to_feed(entry("another's"));
  });
  write([](Writer& w) { return w.number_feed(); });
  const auto before = read([](Reader& r) { return r.feed_after(1, 10); });
  write([&](Writer& w) { return w.remove_account(account); });
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(const bool done, w.erase_account(account));
    EXPECT_TRUE(done);
    return {};
  });
  const auto after = read([](Reader& r) { return r.feed_after(1, 10); });
  ASSERT_EQ(after.size(), 2U);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(after[i].position, before[i].position);
  EXPECT_EQ(after[0].body, "{}");
  EXPECT_EQ(after[0].account, AccountId{});
  EXPECT_EQ(after[1].body, "another's");
}

TEST_P(StoreContract, AFeedIsReadInItsOrder) {
  const auto account = make_account("school");
  const auto first = read([](Reader& r) { return r.feed_ends(); }).newest;
  EXPECT_EQ(first.number, 1) << "one is there from the beginning";
  EXPECT_EQ(read([&](Reader& r) { return r.feed_time(first.number); }), first.at);
  EXPECT_EQ(read([](Reader& r) { return r.feed_time(0); }), std::nullopt);
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_to_feed(entry("a")));
    return w.add_to_feed(entry("b", account));
  });
  write([](Writer& w) { return w.number_feed(); });
  reopen();
  const auto ends = read([](Reader& r) { return r.feed_ends(); });
  EXPECT_EQ(read([](Reader& r) { return r.feed_after(0, 1); }).at(0).position.number, first.number);
  EXPECT_GT(ends.newest.number, first.number);
  EXPECT_EQ(ends.newest.at, from_millis(1'772'355'600'123));
  EXPECT_FALSE(ends.has_unnumbered);
  const auto entries = read([](Reader& r) { return r.feed_after(1, 9); });
  ASSERT_THAT(bodies(entries), ElementsAre("a", "b"));
  EXPECT_EQ(entries[0].account, AccountId{});
  EXPECT_EQ(entries[0].account_name, AccountName());
  EXPECT_EQ(entries[1].position, ends.newest);
  EXPECT_EQ(entries[1].account, account);
  EXPECT_EQ(entries[1].account_name, AccountName("school"));
  EXPECT_EQ(entries[1].type, FeedType::backfill);
  EXPECT_THAT(bodies(read([&](Reader& r) { return r.feed_after(entries[0].position.number, 9); })),
              ElementsAre("b"));
  EXPECT_THAT(bodies(read([](Reader& r) { return r.feed_after(1, 1); })), ElementsAre("a"));
  EXPECT_EQ(read([&](Reader& r) { return r.feed_time(ends.newest.number); }), ends.newest.at);
  EXPECT_EQ(read([&](Reader& r) { return r.feed_time(ends.newest.number + 1); }), std::nullopt);
}

TEST_P(StoreContract, WhatCommitsLaterIsReadLater) {
  const auto slow = make_account("slow"), quick = make_account("quick");
  std::atomic<bool> is_added = false, may_end = false;  // in each run of the function
  std::thread other([&] {
    (void)store().write(slow, [&](Writer& w) -> Result<> {
      MUSTER_TRY(w.add_to_feed(entry("slow", slow)));
      MUSTER_TRY(w.account(slow));  // so that it has been added
      is_added = true;
      is_added.notify_all();
      may_end.wait(false);
      return {};
    });
  });
  is_added.wait(false);
  // Where transactions do not run at the same time, it waits for the other one.
  std::thread third(
      [&] { (void)store().write(quick, [&](Writer& w) { return w.add_to_feed(entry("quick", quick)); }); });
  const bool at_once = GetParam().name != "sqlite";
  if (at_once) third.join();
  if (at_once) write([](Writer& w) { return w.number_feed(); });
  const auto before = read([](Reader& r) { return r.feed_after(1, 9); });
  EXPECT_THAT(bodies(before),
              at_once ? testing::Matcher<std::vector<std::string>>(ElementsAre("quick")) : IsEmpty());
  may_end = true;
  may_end.notify_all();
  other.join();
  if (!at_once) third.join();
  write([](Writer& w) { return w.number_feed(); });
  const auto last = before.empty() ? 1 : before.back().position.number;
  const auto later = read([&](Reader& r) { return r.feed_after(last, 9); });
  EXPECT_EQ(before.size() + later.size(), 2U) << "what was added first is behind what was read";
}

TEST_P(StoreContract, AnAccountThatIsGoneHasNoNameInTheFeed) {
  const auto account = make_account("school");
  write([&](Writer& w) { return w.add_to_feed(entry("a", account)); });
  write([&](Writer& w) { return w.remove_account(account); });
  make_account("school");
  write([](Writer& w) { return w.number_feed(); });
  const auto entries = read([](Reader& r) { return r.feed_after(1, 9); });
  ASSERT_THAT(bodies(entries), ElementsAre("a"));
  EXPECT_EQ(entries[0].account_name, AccountName()) << "another account has that name now";
}

TEST_P(StoreContract, OldEntriesLeaveTheFeed) {
  constexpr long long kAdded = kFeedLength + 1'000;
  for (int part = 0; part < 11; ++part)
    write([&](Writer& w) -> Result<> {
      for (int i = 0; i < kAdded / 11; ++i) MUSTER_TRY(w.add_to_feed(entry("{}")));
      return {};
    });
  write([](Writer& w) { return w.number_feed(); });
  const auto ends = read([](Reader& r) { return r.feed_ends(); });
  const auto kept =
      static_cast<long long>(read([](Reader& r) { return r.feed_after(0, 2 * kFeedLength); }).size());
  EXPECT_GE(kept, kFeedLength);
  EXPECT_LE(kept, kFeedLength + 256);
  const auto oldest = read([](Reader& r) { return r.feed_after(0, 1); }).at(0).position.number;
  EXPECT_EQ(read([&](Reader& r) { return r.feed_time(oldest - 1); }), std::nullopt);
  EXPECT_TRUE(read([&](Reader& r) { return r.feed_time(ends.newest.number); }));
}

}  // namespace muster::test
