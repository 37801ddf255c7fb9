// Answers to a token that the account no longer has must be ignored: otherwise devices of the new service
// would look like arrivals, or devices of the old one would be added.
#include "sync/accounts/connect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/lane.h"
#include "tests/support/manual_clock.h"
#include "tests/support/open_store.h"
#include "tests/support/scripted_apple.h"
#include "tests/support/temp_dir.h"

namespace muster::sync {
namespace {

using test::ScriptedApple;
using testing::IsEmpty;
using testing::SizeIs;

const Token kOld{"CK1", "CS1", "AT1", "AS1", {}}, kNew{"CK2", "CS2", "AT2", "AS2", {}};
const SyncState kOldState = [] {
  SyncState state;
  state.changes = Cursor("OLD");
  state.baseline_done = true;
  return state;
}();

class TokenChange : public testing::Test {
 protected:
  void SetUp() override {
    write([&](Writer& w) -> Result<> {
      MUSTER_TRY(const auto id, w.create_account(AccountName("school")));
      MUSTER_TRY(w.put_token(id, kOld));
      MUSTER_TRY(w.put_apple_account(id, {"Old", "UUID1", "Org", "admin@example.com", 1000, "{}"}));
      MUSTER_TRY(w.put_sync_state(id, kOldState));
      return {};
    });
    account_ = store_->read([](Reader& r) { return r.accounts(); })->at(0);
  }
  // The apple_ answers sync after `meanwhile` has happened to the account.
  Result<> run_while(std::function<void()> meanwhile, http::Response answer) {
    apple_.on("POST /devices/sync", [=](const http::Request&) {
      meanwhile();
      return answer;
    });
    apple::Service service(apple_.url(), kOld, client_, clock_);
    test::LaneUnderTest lane(*store_, service, clock_, account_);
    return lane.read_changes();
  }
  template <class Fn>
  void write(Fn fn) {
    const auto written = store_->write(installation, fn);
    ASSERT_TRUE(written) << written.error().text();
  }
  std::vector<Device> devices() {
    return *store_->read([&](Reader& r) { return r.device_page(account_.id, Serial(), 10); });
  }
  SyncState state() {
    return *store_->read([&](Reader& r) { return r.sync_state(account_.id); });
  }
  void take_other_service() {
    const CheckedToken checked{kNew, {"New", "UUID2", "Org", "admin@example.com", 1000, "{}"}, true};
    write([&](Writer& w) { return put_token(w, services_, account_, checked); });
  }

  const test::TempDir directory_;
  const std::unique_ptr<Store> store_ = std::move(*test::open_store(directory_.path()));
  ManualClock clock_;
  http::Client client_;
  Services services_{*store_, client_, clock_, ""};
  Account account_;
  ScriptedApple apple_;
  const http::Response page_ = ScriptedApple::json(
      R"({"devices":[{"serial_number":"S1","op_type":"added","op_date":"2026-03-01T10:00:00Z"}],)"
      R"("cursor":"NEXT","more_to_follow":false})");
};

TEST_F(TokenChange, APageThatComesAfterItIsNotStored) {
  const auto outcome = run_while([&] { take_other_service(); }, page_);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::cancelled);
  EXPECT_THAT(devices(), IsEmpty());
  EXPECT_EQ(state(), SyncState{}) << "the other service's list begins with its baseline";
}

TEST_F(TokenChange, ACursorThatIsRefusedAfterItSaysNothing) {
  const auto outcome = run_while([&] { take_other_service(); }, ScriptedApple::word(400, "EXPIRED_CURSOR"));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::cancelled);
  EXPECT_EQ(state(), SyncState{});
}

TEST_F(TokenChange, APageThatComesAfterTheRemovalIsNotStored) {
  const auto outcome =
      run_while([&] { write([&](Writer& w) { return w.remove_account(account_.id); }); }, page_);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::cancelled);
  EXPECT_THAT(devices(), IsEmpty());
}

TEST_F(TokenChange, WithoutOneThePageIsStored) {
  ASSERT_TRUE(run_while([] {}, page_));
  EXPECT_THAT(devices(), SizeIs(1));
  EXPECT_EQ(state().changes, Cursor("NEXT"));
}

}  // namespace
}  // namespace muster::sync
