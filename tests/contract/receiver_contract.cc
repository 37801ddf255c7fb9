// What a store promises of webhooks: their secrets are sealed, progress is written by one sender and never
// over an operator's change, and the feed keeps what a webhook has not had.
#include <gmock/gmock.h>

#include <cstdio>
#include <functional>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Time kReceiverTime = from_millis(1'772'355'600'123);
constexpr std::int64_t kSender = 7, kOtherSender = 8;

Receiver receiver(const std::string& name, std::int64_t id = 4'000'000'007) {
  return {.id = ReceiverId{id},
          .name = name,
          .url = "https://example.org/" + name,
          .secret = "whsec_c2VjcmV0",
          .format = Receiver::Format::slack,
          .topics = {"device.*", "audit.entry"},
          .accounts = {AccountName("lab"), AccountName("school")},
          .created_at = kReceiverTime,
          .created_by = "ann",
          .progress = {.position = {1, kReceiverTime}}};
}

// What the tests do with the store again and again.
struct Webhooks {
  std::function<Store&()> store;  // it may be reopened

  Receiver stored(const std::string& name) const {
    const auto found = store().read([&](Reader& r) { return r.receiver(name); });
    EXPECT_TRUE(found) << found.error().text();
    return found->value_or(Receiver{});
  }
  void put(const Receiver& of) const {
    const auto done = store().write(installation, [&](Writer& w) { return w.put_receiver(of); });
    EXPECT_TRUE(done) << done.error().text();
  }
  bool claim(const Receiver& of, std::int64_t sender, Millis lease = 1h) const {
    const auto done =
        store().write(installation, [&](Writer& w) { return w.claim_receiver(of.id, sender, lease); });
    EXPECT_TRUE(done) << done.error().text();
    return *done;
  }
  bool progress(const Receiver& of, std::int64_t sender, const std::vector<Delivery>& deliveries = {},
                const std::vector<DeadLetter>& letters = {}) const {
    const auto done = store().write(
        installation, [&](Writer& w) { return w.put_progress(of, sender, deliveries, letters); });
    EXPECT_TRUE(done) << done.error().text();
    return *done;
  }
  long long feed_length() const {
    long long length = 0;
    for (std::int64_t after = 0;;) {
      const auto entries = *store().read([&](Reader& r) { return r.feed_after(after, 1000); });
      length += static_cast<long long>(entries.size());
      if (entries.empty()) return length;
      after = entries.back().position.number;
    }
  }
  // Has it numbered, too.
  void add_to_feed(long long count) const {
    const auto done = store().write(installation, [&](Writer& w) -> Result<> {
      for (long long i = 0; i < count; ++i)
        MUSTER_TRY(w.add_to_feed(
            {.position = {0, kReceiverTime}, .type = FeedType::backfill, .body = R"({"a":1})"}));
      return w.number_feed();
    });
    EXPECT_TRUE(done) << done.error().text();
  }
};

}  // namespace

TEST_P(StoreContract, WebhooksKeepsAReceiverWithItsSecrets) {
  const Webhooks webhooks{[this]() -> Store& { return store(); }};
  auto chat = receiver("chat");
  chat.old_secret = "the secret before, of many characters";
  chat.old_secret_until = kReceiverTime + 1h;
  webhooks.put(chat);
  webhooks.put(receiver("audit", 5));
  reopen();
  EXPECT_EQ(webhooks.stored("chat"), chat);
  const auto all = read([](Reader& r) { return r.receivers(); });
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].name, "audit") << "in order of name";
  EXPECT_EQ(read([&](Reader& r) { return r.receiver(chat.id); })->name, "chat");
  EXPECT_EQ(read([](Reader& r) { return r.receiver("none"); }), std::nullopt);

  chat.url = "https://example.org/other";
  chat.old_secret.clear();
  chat.old_secret_until.reset();
  chat.status = Receiver::Status::disabled;
  chat.status_reason = "it answered 410";
  chat.topics = {};
  chat.accounts = {};
  webhooks.put(chat);
  chat.revision = 1;
  EXPECT_EQ(webhooks.stored("chat"), chat);
}

TEST_P(StoreContract, WebhooksGoesWithWhatWasSentToIt) {
  const Webhooks webhooks{[this]() -> Store& { return store(); }};
  const auto chat = receiver("chat");
  webhooks.put(chat);
  ASSERT_TRUE(webhooks.claim(chat, kSender));
  ASSERT_TRUE(
      webhooks.progress(chat, kSender, {{.number = 1, .message = "m"}}, {{.number = 1, .message = "m"}}));
  write([&](Writer& w) { return w.remove_receiver(chat.id); });
  EXPECT_THAT(read([](Reader& r) { return r.receivers(); }), IsEmpty());
  webhooks.put(chat);
  EXPECT_THAT(read([&](Reader& r) { return r.deliveries(chat.id, 100, 10); }), IsEmpty());
  EXPECT_THAT(read([&](Reader& r) { return r.dead_letters(chat.id, 0, 10); }), IsEmpty());
}

TEST_P(StoreContract, WebhooksProgressIsOfOneSender) {
  const Webhooks webhooks{[this]() -> Store& { return store(); }};
  auto chat = receiver("chat");
  webhooks.put(chat);
  const bool is_shared = store().shared() != nullptr;
  EXPECT_TRUE(webhooks.claim(chat, kSender));
  EXPECT_TRUE(webhooks.claim(chat, kSender)) << "again";
  EXPECT_EQ(webhooks.claim(chat, kOtherSender), !is_shared);
  chat.progress = {.position = {17, kReceiverTime},
                   .part = 3,
                   .failures = 2,
                   .failing_for = 5min,
                   .failing_since = kReceiverTime,
                   .next_try = kReceiverTime + 1min,
                   .last_success = kReceiverTime - 1h,
                   .last_failure = "it answered 500",
                   .attempts = 9,
                   .delivered = 6,
                   .failed = 3,
                   .dead = 1,
                   .lost = 2};
  EXPECT_EQ(webhooks.progress(chat, kOtherSender), !is_shared);
  EXPECT_TRUE(webhooks.progress(chat, kSender));
  EXPECT_EQ(webhooks.stored("chat"), chat);
  EXPECT_TRUE(webhooks.claim(chat, kSender, 0ms)) << "gives it up";
  EXPECT_TRUE(webhooks.claim(chat, kOtherSender));
  EXPECT_EQ(webhooks.progress(chat, kSender), !is_shared);
}

// Who sends has read the receiver before an operator changed it: where it is to go on counts.
TEST_P(StoreContract, WebhooksProgressIsNotWrittenOverAChange) {
  const Webhooks webhooks{[this]() -> Store& { return store(); }};
  auto chat = receiver("chat");
  webhooks.put(chat);
  ASSERT_TRUE(webhooks.claim(chat, kSender));
  auto changed = chat;
  changed.progress.position = {3, kReceiverTime};
  webhooks.put(changed);
  chat.progress.position = {99, kReceiverTime};
  EXPECT_FALSE(webhooks.progress(chat, kSender, {{.number = 1, .message = "m"}}));
  EXPECT_EQ(webhooks.stored("chat").progress.position.number, 3);
  EXPECT_THAT(read([&](Reader& r) { return r.deliveries(chat.id, 100, 10); }), IsEmpty());
}

TEST_P(StoreContract, WebhooksKeepsTheLastDeliveries) {
  const Webhooks webhooks{[this]() -> Store& { return store(); }};
  auto chat = receiver("chat");
  webhooks.put(chat);
  ASSERT_TRUE(webhooks.claim(chat, kSender));
  const Delivery first{.number = 1,
                       .at = kReceiverTime,
                       .message = "msg_1",
                       .type = "device.arrived",
                       .events = 12,
                       .status = 500,
                       .took = 17ms,
                       .answer = "ünï"};
  const Delivery second{.number = 2, .at = kReceiverTime, .message = "msg_1", .type = "device.arrived"};
  chat.progress.attempts = 2;
  ASSERT_TRUE(webhooks.progress(chat, kSender, {first, second}));
  EXPECT_THAT(read([&](Reader& r) { return r.deliveries(chat.id, 100, 10); }), ElementsAre(second, first));
  EXPECT_THAT(read([&](Reader& r) { return r.deliveries(chat.id, 2, 10); }), ElementsAre(first));
  EXPECT_THAT(read([&](Reader& r) { return r.deliveries(chat.id, 100, 1); }), ElementsAre(second));
  chat.progress.attempts = kKeptDeliveries + 2;
  ASSERT_TRUE(webhooks.progress(chat, kSender, {{.number = kKeptDeliveries + 2, .message = "last"}}));
  EXPECT_THAT(read([&](Reader& r) { return r.deliveries(chat.id, 1000, 10); }), SizeIs(1));
}

TEST_P(StoreContract, WebhooksKeepsDeadLettersUntilTheyAreSent) {
  const Webhooks webhooks{[this]() -> Store& { return store(); }};
  auto chat = receiver("chat");
  webhooks.put(chat);
  ASSERT_TRUE(webhooks.claim(chat, kSender));
  const auto letter = [](long long number) {
    return DeadLetter{.number = number,
                      .at = kReceiverTime,
                      .message = "msg",
                      .type = "device.gone",
                      .reason = "it answered 400",
                      .body = "{\"n\":" + std::to_string(number) + "}"};
  };
  ASSERT_TRUE(webhooks.progress(chat, kSender, {}, {letter(1), letter(2)}));
  const auto numbers = [&] {
    std::vector<long long> all;
    for (const auto& each : read([&](Reader& r) { return r.dead_letters(chat.id, 0, 1000); }))
      all.push_back(each.number);
    return all;
  };
  const auto next = [&] { return read([&](Reader& r) { return r.next_dead_letter(chat.id); }); };
  EXPECT_THAT(numbers(), ElementsAre(1, 2));
  EXPECT_EQ(read([&](Reader& r) { return r.dead_letter_count(chat.id); }), 2);
  EXPECT_EQ(next(), std::nullopt) << "nobody has asked for it";
  EXPECT_EQ(*store().write(installation, [&](Writer& w) { return w.dead_letters_due(chat.id); }), 2);
  auto due = letter(1);
  due.is_due = true;
  EXPECT_EQ(next(), due);
  write([&](Writer& w) { return w.keep_dead_letter(chat.id, 1); });
  ASSERT_TRUE(next());
  EXPECT_EQ(next()->number, 2);
  write([&](Writer& w) { return w.remove_dead_letter(chat.id, 2); });
  EXPECT_EQ(next(), std::nullopt);
  EXPECT_THAT(numbers(), ElementsAre(1));

  std::vector<DeadLetter> many;
  for (long long i = 3; i < kKeptDeadLetters + 3; ++i) many.push_back(letter(i));
  ASSERT_TRUE(webhooks.progress(chat, kSender, {}, many));
  EXPECT_THAT(numbers(), SizeIs(kKeptDeadLetters));
  EXPECT_EQ(numbers().front(), 3) << "the oldest goes first";
}

TEST_P(StoreContract, WebhooksHistoryIsInTheFeed) {
  using Kind = HistoryEntry::Kind;
  const auto school = make_account("school"), lab = make_account("lab");
  const auto first = make_device(school, "S1").id, second = make_device(school, "S2").id;
  const auto others = make_device(lab, "L1").id;
  const std::vector<HistoryEntry> history = {{first, kReceiverTime, Kind::arrived, "added, empty"},
                                             {second, kReceiverTime, Kind::uncovered, ""},
                                             {first, kReceiverTime, Kind::contested, "U"}};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_histories(school, history));
    MUSTER_TRY(w.add_history(lab, {others, kReceiverTime, Kind::arrived, "added, empty"}));
    MUSTER_TRY(w.add_histories(lab, {}));
    return w.number_feed();
  });
  reopen();
  const auto entries = read([](Reader& r) { return r.feed_after(1, 10); });
  ASSERT_THAT(entries, SizeIs(2)) << "one for each call, and none for nothing";
  EXPECT_EQ(entries[0].type, FeedType::devices);
  EXPECT_EQ(entries[0].account, school);
  EXPECT_EQ(entries[0].position.at, kReceiverTime);
  std::int64_t from = 0, to = 0;
  ASSERT_EQ(std::sscanf(entries[0].body.c_str(), R"({"first":%ld,"last":%ld})", &from, &to), 2)
      << entries[0].body;
  const auto found = read([&](Reader& r) { return r.numbered_history(school, from, to, 10); });
  ASSERT_THAT(found, SizeIs(3));
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found[i].entry.device, history[i].device) << i;
    EXPECT_EQ(found[i].entry.kind, history[i].kind) << i;
    EXPECT_EQ(found[i].entry.detail, history[i].detail) << i;
  }
  EXPECT_EQ(found.front().number, from);
  EXPECT_EQ(found.back().number, to);
  EXPECT_THAT(read([&](Reader& r) { return r.numbered_history(school, from + 1, to, 10); }), SizeIs(2));
  EXPECT_THAT(read([&](Reader& r) { return r.numbered_history(school, from, to, 1); }), SizeIs(1));
  EXPECT_THAT(read([&](Reader& r) { return r.numbered_history(lab, from, to, 10); }), IsEmpty())
      << "another account's are not shown";
}

// A write that fails leaves nothing of either.
TEST_P(StoreContract, WebhooksWhatIsUndoneIsInNoFeed) {
  const auto school = make_account("school");
  const auto device = make_device(school, "S1").id;
  const auto undone = store().write(school, [&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_history(school, {device, kReceiverTime, HistoryEntry::Kind::arrived, ""}));
    return failure(Code::invalid, "on purpose");
  });
  EXPECT_FALSE(undone);
  write([](Writer& w) { return w.number_feed(); });
  EXPECT_THAT(read([](Reader& r) { return r.feed_after(1, 10); }), IsEmpty());
}

TEST_P(StoreContract, WebhooksTheFeedKeepsWhatItHasNotHad) {
  const Webhooks webhooks{[this]() -> Store& { return store(); }};
  auto chat = receiver("chat");
  webhooks.put(chat);
  webhooks.add_to_feed(kFeedLength + 500);
  EXPECT_EQ(webhooks.feed_length(), kFeedLength + 501) << "all since the first one, which it has had";
  ASSERT_TRUE(webhooks.claim(chat, kSender));
  chat.progress.position.number = 301;
  ASSERT_TRUE(webhooks.progress(chat, kSender));
  webhooks.add_to_feed(200);
  EXPECT_EQ(read([](Reader& r) { return r.feed_time(301); }), kReceiverTime) << "where it is";
  EXPECT_EQ(read([](Reader& r) { return r.feed_time(300); }), std::nullopt);
  chat.status = Receiver::Status::disabled;
  webhooks.put(chat);
  webhooks.add_to_feed(200);
  EXPECT_LE(webhooks.feed_length(), kFeedLength + 200) << "one that is disabled keeps nothing";
}

}  // namespace muster::test
