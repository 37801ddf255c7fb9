// Activation Locks: a code is stored before Apple hears of it, and no answer that is lost takes it away.
#include "sync/locks/lock.h"

#include <gmock/gmock.h>

#include "apple/bypass_code.h"
#include "base/text/json.h"
#include "store/acting_store.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::serials_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Opens = DeviceLock::Opens;

constexpr const char* kLockCall = "POST /device/activationlock";

test::AppleAnswer says(const std::string& word) {
  return [word](const test::AppleCall& call) -> Result<http::Response> {
    const boost::json::object answer{{"serial_number", call.text("device")}, {"response_status", word}};
    return http::Response{.status = 200, .body = write_json(answer)};
  };
}

test::AppleAnswer refuses_with(int status, const std::string& word) {
  return [=](const test::AppleCall&) -> Result<http::Response> {
    return http::Response{.status = status, .body = word};
  };
}

class Locking : public test::AccountFixture {
 protected:
  Result<LockAnswers> lock(const std::vector<Serial>& serials, const std::string& message = "") {
    const Actor actor{.key = "admin", .account = account_.name.str()};
    const std::string call = "POST /api/v1/locks";
    ActingStore store(*store_, clock_, actor, call);
    const RunContext context{
        .store = store, .service = lane_.context.service, .clock = clock_, .account = account_};
    return lock_devices(context, {.serials = serials, .message = message, .by = "admin"});
  }
  std::optional<DeviceLock> kept(const char* serial) {
    return read([&](Reader& r) { return r.device_lock(account_.id, Serial(serial)); });
  }
  std::string key_of(const char* serial) {
    return test::must(test::must(apple::BypassCode::from_text(kept(serial).value().code)).hash());
  }
  std::vector<AuditEntry> audited() {
    return read([](Reader& r) { return r.audit_page(AuditQuery()); });
  }
};

TEST_F(Locking, AppleGetsTheKeyOfTheCodeThatIsStored) {
  add_device("A");
  apple_.on(kLockCall, says("SUCCESS"));
  const auto done = lock(serials_of({"A", "A"}), "Call 555");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->answers.answer_for(Serial("A")).text, "SUCCESS");
  const auto calls = apple_.calls(kLockCall);
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].text("device"), "A");
  EXPECT_EQ(calls[0].text("lost_message"), "Call 555");
  EXPECT_EQ(calls[0].text("escrow_key"), key_of("A"));
  const auto stored = kept("A").value();
  EXPECT_EQ(stored.opens(), Opens::yes);
  EXPECT_EQ(stored.made_at, clock_.now());
  EXPECT_EQ(stored.made_by, "admin");
  EXPECT_EQ(stored.word, "SUCCESS");
  EXPECT_EQ(stored.answered_at, clock_.now());
  ASSERT_EQ(audited().size(), 1u);
  EXPECT_EQ(audited()[0].change.action, "devices.locked");
  EXPECT_EQ(audited()[0].change.object, "A");
  EXPECT_THAT(audited()[0].change.after, AllOf(HasSubstr("Call 555"), Not(HasSubstr(stored.code))));
}

TEST_F(Locking, TheCodeIsThereWhenAppleHearsOfIt) {
  add_device("A");
  apple_.on(kLockCall, [&](const test::AppleCall& call) {
    EXPECT_EQ(call.text("escrow_key"), key_of("A"));
    EXPECT_EQ(kept("A")->opens(), Opens::unknown);
    EXPECT_EQ(audited().size(), 1u);
    return says("SUCCESS")(call);
  });
  EXPECT_TRUE(lock(serials_of({"A"})));
}

TEST_F(Locking, AStrangerStopsAllOfIt) {
  add_device("A");
  const auto done = lock(serials_of({"A", "STRANGER"}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::not_found);
  EXPECT_THAT(apple_.calls(kLockCall), IsEmpty());
  EXPECT_THAT(audited(), IsEmpty());
  EXPECT_EQ(kept("A"), std::nullopt);
}

TEST_F(Locking, TooManyAtOnceAreRefused) {
  add_devices(101);
  std::vector<Serial> all;
  for (int i = 0; i < 101; ++i) all.emplace_back(fmt::format("C{:04}", i));
  const auto done = lock(all);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::invalid);
  EXPECT_THAT(done.error().text(), HasSubstr("a call locks at most 100"));
}

TEST_F(Locking, ALostAnswerKeepsTheCodeAndTheNextCallUsesItAgain) {
  add_device("A");
  apple_.on(kLockCall, test::in_turn({test::answer_lost(), says("SUCCESS")}));
  const auto lost = lock(serials_of({"A"}));
  ASSERT_FALSE(lost);
  const auto first = kept("A").value();
  EXPECT_EQ(first.opens(), Opens::unknown);
  EXPECT_THAT(lost.error().text(),
              AllOf(HasSubstr("may be locked nevertheless"), Not(HasSubstr(first.code))));
  ASSERT_TRUE(lock(serials_of({"A"})));
  EXPECT_EQ(kept("A")->code, first.code);
  EXPECT_EQ(kept("A")->opens(), Opens::yes);
}

TEST_F(Locking, ADeviceThatIsLockedAfterALostAnswerMayHaveOurLock) {
  add_device("A");
  apple_.on(kLockCall, test::in_turn({test::answer_lost(), says("DEVICE_ALREADY_LOCKED")}));
  ASSERT_FALSE(lock(serials_of({"A"})));
  ASSERT_TRUE(lock(serials_of({"A"})));
  EXPECT_EQ(kept("A")->word, "DEVICE_ALREADY_LOCKED");
  EXPECT_EQ(kept("A")->opens(), Opens::unknown);
}

TEST_F(Locking, ALaterLockKeepsACodeThatOpens) {
  add_device("A");
  apple_.on(kLockCall,
            test::in_turn({says("SUCCESS"), says("DEVICE_ALREADY_LOCKED"), says("NOT_ACCESSIBLE")}));
  ASSERT_TRUE(lock(serials_of({"A"})));
  const auto code = kept("A")->code;
  for (const char* word : {"DEVICE_ALREADY_LOCKED", "NOT_ACCESSIBLE"}) {
    ASSERT_TRUE(lock(serials_of({"A"})));
    EXPECT_EQ(kept("A")->word, word);
    EXPECT_EQ(kept("A")->code, code);
    EXPECT_EQ(kept("A")->opens(), Opens::yes);
  }
}

TEST_F(Locking, AWordThatSaysSoMarksTheCode) {
  add_device("A");
  for (const char* word :
       {"NOT_ACCESSIBLE", "ORG_NOT_SUPPORTED", "DEVICE_NOT_SUPPORTED", "DEVICE_ALREADY_LOCKED", "FAILED"}) {
    apple_.on(kLockCall, says(word));
    ASSERT_TRUE(lock(serials_of({"A"})));
    EXPECT_EQ(kept("A")->opens(), Opens::no) << word;
    EXPECT_EQ(kept("A")->word, word);
  }
}

TEST_F(Locking, AWordThatNobodyKnowsMayMeanALock) {
  add_device("A");
  apple_.on(kLockCall, says("PENDING"));
  ASSERT_TRUE(lock(serials_of({"A"})));
  EXPECT_EQ(kept("A")->opens(), Opens::unknown);
}

TEST_F(Locking, ACallThatAppleRefusesLocksNothing) {
  add_device("A");
  apple_.on(kLockCall, refuses_with(400, "MALFORMED_REQUEST_BODY"));
  ASSERT_FALSE(lock(serials_of({"A"})));
  EXPECT_EQ(kept("A")->opens(), Opens::no);
}

TEST_F(Locking, AFailureEndsItAndTheRestIsNotLocked) {
  for (const char* serial : {"A", "B", "C"}) add_device(serial);
  apple_.on(kLockCall, test::in_turn({says("SUCCESS"), test::answer_lost(), says("SUCCESS")}));
  const auto done = lock(serials_of({"A", "B", "C"}));
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->answers.answers.size(), 1u);
  ASSERT_TRUE(done->stopped_by);
  EXPECT_THAT(done->stopped_by->text(), HasSubstr("device B"));
  EXPECT_EQ(apple_.calls(kLockCall).size(), 2u);
  EXPECT_EQ(kept("A")->opens(), Opens::yes);
  EXPECT_EQ(kept("B")->opens(), Opens::unknown);
  EXPECT_EQ(kept("C")->opens(), Opens::no);
  EXPECT_EQ(audited().size(), 1u);
}

TEST_F(Locking, ADeviceThatLeavesKeepsItsCode) {
  add_device("A");
  apple_.on(kLockCall, says("SUCCESS"));
  ASSERT_TRUE(lock(serials_of({"A"})));
  change_device("A", [&](Device& device) {
    device.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()};
  });
  EXPECT_EQ(kept("A")->opens(), Opens::yes);
  EXPECT_FALSE(lock(serials_of({"A"}))) << "it is not in the account";
}

}  // namespace
}  // namespace muster::sync
