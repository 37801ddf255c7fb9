#include "sync/webhooks/errand.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "base/log/log.h"
#include "base/text/json.h"
#include "sync/webhooks/receivers.h"
#include "tests/support/eventually.h"
#include "tests/support/manual_clock.h"
#include "tests/support/open_store.h"
#include "tests/support/temp_dir.h"
#include "tests/support/webhook_receiver.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kHook = "chat";
constexpr const char* kHookSecret = "a-secret-of-the-tests-own";

class WebhookErrand : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::error);
    apply({.url = receiver_.url(), .secret = kHookSecret});
    begin();
  }
  void TearDown() override { log::set_level(log::Level::info); }

  void apply(const ReceiverChange& change) {
    const auto applied = apply_receiver(*store_, kHook, change, true, clock_.now());
    ASSERT_TRUE(applied) << applied.error().text();
    id_ = applied->receiver.id;
    look();
  }
  void begin() { errand_.emplace(*store_, clock_, postman_, news_, id_, 7); }
  void look() {
    if (errand_) errand_->look();
  }
  // What an account's backfill would tell.
  void tell(int planned) {
    ASSERT_TRUE(store_->write(installation, [&](Writer& w) -> Result<> {
      MUSTER_TRY(w.add_to_feed({.position = {0, clock_.now()},
                                .type = FeedType::backfill,
                                .body = "{\"planned\":" + std::to_string(planned) + "}"}));
      return w.number_feed();
    }));
    look();
  }
  std::vector<int> taken() const {
    std::vector<int> taken;
    for (const auto& request : receiver_.taken()) {
      const auto body = parse_json(request.body);
      if (const auto* planned = body->at("data").as_object().if_contains("planned"))
        taken.push_back(static_cast<int>(planned->as_int64()));
    }
    return taken;
  }
  bool come(const std::vector<int>& wanted) {
    return eventually([&] { return taken() == wanted; });
  }
  Receiver stored() { return *receiver_named(*store_, kHook); }
  // It has failed so often in a row, and waits.
  bool has_failed(int times) {
    return eventually([&] { return stored().progress.failures == times; }) && clock_.await_waiters(1);
  }
  // Until the next attempt is over.
  void await_next_try() {
    const auto before = stored().progress.attempts;
    std::optional<Tick> next;
    ASSERT_TRUE(eventually([&] {
      next = clock_.next_deadline();
      return next.has_value();
    }));
    clock_.advance(*next - clock_.steady());
    ASSERT_TRUE(eventually([&] { return stored().progress.attempts > before; }));
    ASSERT_TRUE(clock_.await_waiters(1));
  }
  std::vector<DeadLetter> dead_letters() {
    return *store_->read([&](Reader& r) { return r.dead_letters(id_, 0, 100); });
  }

  test::TempDir directory_;
  std::unique_ptr<Store> store_ = *test::open_store(directory_.path());
  ManualClock clock_;
  test::WebhookReceiver receiver_;
  Postman postman_{clock_, true};
  LastNews news_;
  ReceiverId id_{};
  std::optional<Errand> errand_;
};

TEST_F(WebhookErrand, SendsWhatHappensInOrder) {
  for (const int planned : {1, 2, 3}) tell(planned);
  ASSERT_TRUE(come({1, 2, 3}));
  const auto first = receiver_.taken().front();
  EXPECT_EQ(first.method, "POST");
  EXPECT_EQ(first.headers.get("Content-Type"), "application/json");
  EXPECT_TRUE(first.headers.has("webhook-signature"));
  EXPECT_EQ(first.headers.get("webhook-id"), std::string(parse_json(first.body)->at("id").as_string()));
  ASSERT_TRUE(eventually([&] { return stored().progress.delivered == 3; }));
  const auto deliveries = *store_->read([&](Reader& r) { return r.deliveries(id_, 100, 10); });
  ASSERT_THAT(deliveries, SizeIs(3));
  EXPECT_EQ(deliveries[0].status, 204);
  EXPECT_EQ(deliveries[0].number, 3);
  EXPECT_EQ(deliveries[2].message, first.headers.get("webhook-id"));
}

TEST_F(WebhookErrand, TellsNothingOfWhatWasBefore) {
  errand_.reset();
  tell(1);
  ASSERT_TRUE(remove_receiver(*store_, kHook));
  apply({.url = receiver_.url()});
  begin();
  tell(2);
  ASSERT_TRUE(come({2}));
}

TEST_F(WebhookErrand, WaitsForAReceiverThatIsDownAndLosesNothing) {
  receiver_.be_down(true);
  tell(1);
  ASSERT_TRUE(has_failed(1));
  tell(2);
  ASSERT_TRUE(clock_.await_waiters(1));
  EXPECT_EQ(receiver_.refused(), 1) << "news do not shorten the wait";
  EXPECT_THAT(stored().progress.last_failure, HasSubstr("it answered 503"));
  await_next_try();
  EXPECT_EQ(stored().progress.failures, 2);
  receiver_.be_down(false);
  await_next_try();
  ASSERT_TRUE(come({1, 2}));
  ASSERT_TRUE(eventually([&] { return stored().progress.failures == 0; }));
  EXPECT_EQ(stored().progress.failing_since, std::nullopt);
}

TEST_F(WebhookErrand, WaitsLongerAndLonger) {
  EXPECT_LE(webhook_wait(1), 6s);
  EXPECT_GE(webhook_wait(3), 100s);
  EXPECT_GE(webhook_wait(8), 9h);
  EXPECT_EQ(webhook_wait(8) > 12h, false);
  EXPECT_GE(webhook_wait(1000), 9h);
}

TEST_F(WebhookErrand, GoesOnAfterARestartWhereItWas) {
  tell(1);
  ASSERT_TRUE(come({1}));
  receiver_.be_down(true);
  tell(2);
  ASSERT_TRUE(has_failed(1));
  errand_.reset();
  receiver_.be_down(false);
  begin();
  ASSERT_TRUE(clock_.await_waiters(1));
  EXPECT_EQ(taken(), std::vector<int>{1}) << "a restart does not shorten the wait";
  await_next_try();
  ASSERT_TRUE(come({1, 2}));
}

TEST_F(WebhookErrand, PutsAsideWhatIsRejectedAgainAndAgain) {
  receiver_.answer_by({400, {}, "no such thing"});
  tell(1);
  tell(2);
  for (int times = 1; times < kMostRejections - 1; ++times) {
    ASSERT_TRUE(has_failed(times));
    await_next_try();
  }
  receiver_.answer_by({204, {}, ""});
  EXPECT_THAT(dead_letters(), IsEmpty());
  receiver_.answer_by({422, {}, "no such thing"});
  await_next_try();
  ASSERT_TRUE(eventually([&] { return dead_letters().size() == 1; }));
  EXPECT_EQ(dead_letters()[0].reason, "it answered 422: no such thing");
  receiver_.answer_by({204, {}, ""});
  await_next_try();  // of the second
  EXPECT_EQ(taken().back(), 2);
  const auto before = receiver_.taken().size();

  ASSERT_EQ(replay_dead_letters(*store_, kHook, true)->messages, 1);
  EXPECT_EQ(receiver_.taken().size(), before);
  ASSERT_TRUE(replay_dead_letters(*store_, kHook, false));
  look();
  ASSERT_TRUE(eventually([&] { return dead_letters().empty(); }));
  EXPECT_EQ(taken().back(), 1);
}

// Whatever it answered before: the message itself was rejected once.
TEST_F(WebhookErrand, PutsNothingAsideForAReceiverThatWasDown) {
  receiver_.be_down(true);
  tell(1);
  for (int times = 1; times <= kMostRejections; ++times) {
    ASSERT_TRUE(has_failed(times));
    await_next_try();
  }
  receiver_.be_down(false);
  receiver_.answer_by({400, {}, ""});
  await_next_try();
  ASSERT_TRUE(has_failed(1));
  EXPECT_THAT(dead_letters(), IsEmpty());
}

TEST_F(WebhookErrand, EndsForAReceiverThatIsGone) {
  receiver_.answer_by({410, {}, ""});
  tell(1);
  ASSERT_TRUE(eventually([&] { return stored().status == Receiver::Status::disabled; }));
  EXPECT_THAT(stored().status_reason, HasSubstr("410"));
  const auto entries = *store_->read([](Reader& r) { return r.feed_after(1, 100); });
  EXPECT_EQ(entries.back().type, FeedType::webhook) << "others are told";
  receiver_.answer_by({204, {}, ""});
  ASSERT_TRUE(resume_receiver(*store_, kHook));
  look();
  ASSERT_TRUE(eventually([&] { return taken() == std::vector<int>{1, 1}; }));
}

TEST_F(WebhookErrand, EndsAfterAWeekOfFailures) {
  receiver_.be_down(true);
  tell(1);
  ASSERT_TRUE(has_failed(1));
  int tries = 1;
  for (; tries < 40 && stored().status == Receiver::Status::active; ++tries) await_next_try();
  ASSERT_TRUE(eventually([&] { return stored().status == Receiver::Status::disabled; }));
  EXPECT_GT(tries, 15) << "over days";
  EXPECT_LT(tries, 40);
  EXPECT_THAT(stored().status_reason, HasSubstr("a week"));
}

TEST_F(WebhookErrand, CountsNoTimeThatAClockWasSet) {
  receiver_.be_down(true);
  tell(1);
  ASSERT_TRUE(has_failed(1));
  clock_.jump(365 * 24h);
  await_next_try();
  EXPECT_EQ(stored().status, Receiver::Status::active);
}

TEST_F(WebhookErrand, PausesAndResumes) {
  ASSERT_TRUE(pause_receiver(*store_, kHook));
  look();
  tell(1);
  ASSERT_TRUE(clock_.await_waiters(1));
  EXPECT_THAT(taken(), IsEmpty());
  ASSERT_TRUE(resume_receiver(*store_, kHook));
  look();
  ASSERT_TRUE(come({1}));
}

TEST_F(WebhookErrand, SendsAgainWithTheSameIds) {
  tell(1);
  clock_.advance(1h);
  const Time since = clock_.now();
  tell(2);
  tell(3);
  ASSERT_TRUE(come({1, 2, 3}));
  ASSERT_TRUE(eventually([&] { return stored().progress.delivered == 3; }));
  const auto counted = replay_since(*store_, kHook, since, true, clock_.now());
  ASSERT_TRUE(counted) << counted.error().text();
  EXPECT_EQ(counted->messages, 2);
  EXPECT_EQ(counted->events_by_topic.at("backfill.changed"), 2);
  EXPECT_EQ(counted->from, since);
  EXPECT_EQ(receiver_.taken().size(), 3U);
  ASSERT_TRUE(replay_since(*store_, kHook, since, false, clock_.now()));
  look();
  ASSERT_TRUE(come({1, 2, 3, 2, 3}));
  const auto all = receiver_.taken();
  EXPECT_EQ(all[1].headers.get("webhook-id"), all[3].headers.get("webhook-id"));
  EXPECT_EQ(replay_since(*store_, kHook, from_millis(0), true, clock_.now())->messages, 3);
  EXPECT_FALSE(replay_since(*store_, kHook, clock_.now() + 1h, true, clock_.now()));
}

TEST_F(WebhookErrand, SaysHowMuchWasRemovedBeforeItCame) {
  errand_.reset();
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) -> Result<> {
    MUSTER_TRY(auto hook, w.receiver(kHook));
    hook->status = Receiver::Status::disabled;  // the feed is not kept for it
    return w.put_receiver(*hook);
  }));
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) -> Result<> {
    for (std::int64_t i = 0; i < kFeedLength + 300; ++i)
      MUSTER_TRY(w.add_to_feed({.position = {0, clock_.now()}, .type = FeedType::progress, .body = "{}"}));
    return w.number_feed();
  }));
  ASSERT_TRUE(resume_receiver(*store_, kHook));
  begin();
  ASSERT_TRUE(eventually([&] { return stored().progress.lost > 100; }));
  tell(1);
  ASSERT_TRUE(come({1}));
}

TEST_F(WebhookErrand, ReachesNoPrivateAddressUnlessItMay) {
  Postman careful(clock_, false);
  const auto answer = careful.bring(stored(), "msg", "{}", {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 0);
  EXPECT_THAT(answer->text, HasSubstr("127.0.0.1"));
  EXPECT_THAT(answer->text, HasSubstr("-webhook-allow-private"));
  EXPECT_THAT(answer->text, Not(HasSubstr("SECRET-OF-THE-HOOK")));
  EXPECT_THAT(taken(), IsEmpty());
  const auto refused = apply_receiver(*store_, "other", {.url = "http://10.0.0.1/"}, false, clock_.now());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid);
}

TEST_F(WebhookErrand, FollowsNoRedirect) {
  receiver_.answer_by({307, {{"Location", receiver_.url()}}, ""});
  tell(1);
  ASSERT_TRUE(has_failed(1));
  EXPECT_THAT(receiver_.taken(), SizeIs(1));
}

TEST_F(WebhookErrand, SignsWithBothSecretsWhileTheyOverlap) {
  const auto change = apply_receiver(*store_, kHook, {.new_secret = true, .overlap = 1h}, true, clock_.now());
  ASSERT_TRUE(change);
  EXPECT_THAT(change->made_secret, testing::StartsWith("whsec_"));
  look();
  tell(1);
  ASSERT_TRUE(come({1}));
  EXPECT_THAT(receiver_.taken().back().headers.get("webhook-signature").value_or(""), HasSubstr(" v1,"));
  clock_.advance(2h);
  tell(2);
  ASSERT_TRUE(come({1, 2}));
  EXPECT_THAT(receiver_.taken().back().headers.get("webhook-signature").value_or(""), Not(HasSubstr(" v1,")));
}

TEST_F(WebhookErrand, ThereAreOnlySoMany) {
  for (size_t i = 1; i < kMostReceivers; ++i)
    ASSERT_TRUE(
        apply_receiver(*store_, "hook" + std::to_string(i), {.url = receiver_.url()}, true, clock_.now()));
  const auto refused = apply_receiver(*store_, "more", {.url = receiver_.url()}, true, clock_.now());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_FALSE(apply_receiver(*store_, "more", {}, true, clock_.now())) << "without a URL";
}

}  // namespace
}  // namespace muster::sync
