#include "sync/webhook.h"

#include <gmock/gmock.h>

#include <atomic>
#include <new>

#include "base/hmac.h"
#include "base/log/log.h"
#include "base/os/kill_point.h"
#include "base/text/encoding.h"
#include "base/threads/contain.h"
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
using testing::IsEmpty;

class WebhookTest : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::error);
    account_ = *store_->write(installation, [](Writer& w) { return w.create_account(kDefaultAccount); });
    begin();
  }
  void begin() { webhook_.emplace(*store_, clock_, Webhook::Receiver{receiver_.url(), "key"}); }

  void add(const std::string& body) {
    const Event event{.account = account_, .created_at = clock_.now(), .body = body};
    const auto dropped = store_->write(installation, [&](Writer& w) { return webhook_->add(w, {event}); });
    ASSERT_TRUE(dropped);
    webhook_->added(*dropped);
  }
  std::vector<std::string> bodies() const {
    std::vector<std::string> bodies;
    for (const auto& request : receiver_.taken()) bodies.push_back(request.body);
    return bodies;
  }
  // Refused so often, and waiting for the next attempt: only then does the time that is set forward reach it.
  bool is_refused(long long times) {
    return eventually([&] { return receiver_.refused() == times; }, 30s) && clock_.await_waiters(1);
  }
  bool arrive(size_t count) {
    return eventually([&] { return receiver_.taken().size() == count && waiting() == 0; }, 30s);
  }
  long long waiting() {
    return *store_->read([](Reader& r) { return r.event_count(); });
  }

  test::TempDir directory_;
  std::unique_ptr<Store> store_ = *test::open_store(directory_.path());
  ManualClock clock_;
  test::WebhookReceiver receiver_;
  AccountId account_{};
  std::optional<Webhook> webhook_;
};

TEST_F(WebhookTest, SendsInOrderAndSigns) {
  add("{\"a\":1}");
  add("{\"a\":2}");
  ASSERT_TRUE(arrive(2));
  EXPECT_THAT(bodies(), ElementsAre("{\"a\":1}", "{\"a\":2}"));
  const auto first = receiver_.taken().front();
  EXPECT_EQ(first.method, "POST");
  EXPECT_EQ(first.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(first.headers.get("X-Hmac-Signature"), base64_encode(hmac_sha256("key", "{\"a\":1}")));
}

TEST_F(WebhookTest, WaitsForAReceiverThatIsDownAndLosesNothing) {
  receiver_.be_down(true);
  add("1");
  add("2");
  ASSERT_TRUE(is_refused(1)) << "it waits, also when another event comes";
  add("3");
  ASSERT_TRUE(clock_.await_waiters(1));
  EXPECT_EQ(receiver_.refused(), 1);
  receiver_.be_down(false);
  clock_.advance(2s);
  ASSERT_TRUE(arrive(3));
  EXPECT_THAT(bodies(), ElementsAre("1", "2", "3"));
  EXPECT_EQ(webhook_->dropped(), 0);
}

std::atomic<int> throws_left{0};

// As the receiver that is down: tried again later and later, and nothing is lost.
TEST_F(WebhookTest, OutlivesWhatALibraryThrows) {
  const long long before = internal_errors(Place::webhook);
  throws_left = 2;
  kill_hook = [](const char* point) {
    if (std::string_view(point) == "webhook" && throws_left-- > 0) throw std::bad_alloc();
  };
  add("1");
  const auto threw = [&](long long times) {
    return eventually([&] { return internal_errors(Place::webhook) == before + times; }, 30s);
  };
  ASSERT_TRUE(threw(1));
  ASSERT_TRUE(eventually([&] {
    const auto next = clock_.next_deadline();  // none before it waits
    return next && *next <= clock_.steady() + 1100ms;
  }));
  clock_.advance(1100ms);
  ASSERT_TRUE(threw(2));
  ASSERT_TRUE(eventually([&] {
    const auto next = clock_.next_deadline();
    return next >= clock_.steady() + 4s && next <= clock_.steady() + 4400ms;
  }));
  clock_.advance(4400ms);
  ASSERT_TRUE(arrive(1));
  add("2");
  ASSERT_TRUE(arrive(2));
  kill_hook = nullptr;
}

TEST_F(WebhookTest, WaitsByAClockThatNobodySets) {
  receiver_.be_down(true);
  add("1");
  ASSERT_TRUE(is_refused(1));
  receiver_.be_down(false);
  clock_.jump(-5h);
  clock_.advance(2s);
  ASSERT_TRUE(arrive(1));
}

TEST_F(WebhookTest, GivesUpNothingForAClockThatIsSet) {
  receiver_.be_down(true);
  add("1");
  ASSERT_TRUE(is_refused(1));
  clock_.jump(365 * 24h);
  clock_.advance(2s);
  ASSERT_TRUE(is_refused(2));
  EXPECT_EQ(waiting(), 1);
  EXPECT_EQ(webhook_->dropped(), 0);
  // What is dated by the new time follows.
  ASSERT_TRUE(store_->write(installation, [](Writer& w) { return w.shift_schedules(365 * 24h); }));
  webhook_->clock_jumped(365 * 24h);
  clock_.advance(std::chrono::days(8));
  ASSERT_TRUE(eventually([&] { return webhook_->dropped() == 1; }, 30s));
}

// Answered by 200, and yet sent again for ever, with all others behind it: that was so.
TEST_F(WebhookTest, GoesByTheStatusWhateverTheBodyIs) {
  const std::vector<http::Response> answers = {
      {200, {}, std::string(1 << 20, 'x')},
      {200, {{"Content-Encoding", "gzip"}}, "this is no gzip"},
  };
  for (size_t i = 0; i < answers.size(); ++i) {
    receiver_.answer_by(answers[i]);
    add(std::to_string(i));
    ASSERT_TRUE(arrive(i + 1)) << "answer " << i;
  }
}

TEST_F(WebhookTest, SendsAfterARestartWhatWasNotTaken) {
  receiver_.be_down(true);
  add("1");
  ASSERT_TRUE(is_refused(1));
  webhook_.reset();
  receiver_.be_down(false);
  begin();
  ASSERT_TRUE(arrive(1));
  EXPECT_THAT(bodies(), ElementsAre("1"));
}

TEST_F(WebhookTest, GivesUpWhatIsAWeekOld) {
  receiver_.be_down(true);
  add("old");
  ASSERT_TRUE(is_refused(1));
  clock_.advance(std::chrono::days(8));
  ASSERT_TRUE(eventually([&] { return webhook_->dropped() == 1; }, 30s));
  EXPECT_EQ(waiting(), 0);
  EXPECT_THAT(bodies(), IsEmpty());
}

TEST_F(WebhookTest, KeepsNoMoreThanSoMany) {
  webhook_.reset();
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) -> Result<> {
    for (size_t i = 0; i < kMostEvents; ++i)
      MUSTER_TRY(w.add_event({.account = account_, .created_at = clock_.now(), .body = std::to_string(i)}));
    return {};
  }));
  receiver_.be_down(true);
  begin();
  add("new");
  EXPECT_EQ(webhook_->dropped(), 1);
  EXPECT_EQ(waiting(), static_cast<long long>(kMostEvents));
  EXPECT_EQ(store_->read([](Reader& r) { return r.oldest_events(1); })->at(0).body, "1");
}

}  // namespace
}  // namespace muster::sync
