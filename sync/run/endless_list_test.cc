// A list without an end: each page and each cursor is new.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>

#include "base/log/log.h"
#include "http/client/client.h"
#include "store/sqlite/open.h"
#include "sync/run/list_page.h"
#include "tests/support/lane.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_dir.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// In Apple's place, without a network.
class EndlessApple : public http::Transport {
 public:
  Result<http::Response> send(const http::ClientRequest& request, std::stop_token) override {
    if (request.url.ends_with("/session")) return http::Response{200, {}, R"({"auth_session_token":"s"})"};
    const long long page = ++pages;
    return http::Response{200,
                          {},
                          fmt::format(R"({{"devices":[{{"serial_number":"C{}","op_type":"added",)"
                                      R"("op_date":"2026-03-01T08:00:00Z","profile_status":"empty"}}],)"
                                      R"("cursor":"c{}","more_to_follow":{}}})",
                                      page, page, page < ends_with)};
  }
  std::atomic<long long> pages = 0;
  std::atomic<long long> ends_with = 1'000'000'000;
};

class EndlessList : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::error);
    ASSERT_TRUE(store_->write([&](Writer& w) -> Result<> {
      MUSTER_TRY(const auto id, w.create_account(AccountName("school")));
      MUSTER_TRY(w.put_token(id, {"CK", "CS", "AT", "AS", {}}));
      SyncState state;
      state.changes = Cursor("c0");
      return w.put_sync_state(id, state);
    }));
    account_ = store_->read([](Reader& r) { return r.accounts(); })->at(0);
    lane_.emplace(*store_, service_, clock_, account_);
  }
  long long devices() {
    return store_->read([&](Reader& r) { return r.device_counts(account_.id); })->devices;
  }
  SyncState state() {
    return *store_->read([&](Reader& r) { return r.sync_state(account_.id); });
  }

  test::TempDir directory_;
  std::unique_ptr<Store> store_ = *sqlite::open(directory_.path());
  ManualClock clock_;
  EndlessApple apple_;
  apple::Service service_{"http://apple", {"CK", "CS", "AT", "AS", {}}, apple_, clock_};
  Account account_;
  std::optional<test::LaneUnderTest> lane_;
};

TEST_F(EndlessList, OfChangesIsReadInPartsWithPausesBetween) {
  for (const int part : {1, 2}) {
    const auto done = read_changes(lane_->context);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("POST /devices/sync do not end: 4000 pages received"),
              std::string::npos)
        << done.error().message;
    EXPECT_EQ(devices(), part * kMostPages) << "what came is stored";
    EXPECT_EQ(state().changes.str(), fmt::format("c{}", part * kMostPages));
    EXPECT_GE(lane_->retry_in, 1min);
    apple_.pages = part * kMostPages;  // but for those that were asked for ahead
  }
  apple_.ends_with = apple_.pages + 10;
  EXPECT_TRUE(read_changes(lane_->context)) << "a long one comes to its end";
}

TEST_F(EndlessList, OfDevicesIsReadInPartsWithPausesBetween) {
  for (const int part : {1, 2}) {
    const auto done = read_full_list(lane_->context, false);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("POST /server/devices do not end"), std::string::npos)
        << done.error().message;
    EXPECT_EQ(devices(), part * kMostPages);
    EXPECT_TRUE(state().list_under_way) << "it goes on where it was";
    EXPECT_EQ(state().list.str(), fmt::format("c{}", part * kMostPages));
    EXPECT_GE(lane_->retry_in, 15min);
    apple_.pages = part * kMostPages;
  }
  apple_.ends_with = apple_.pages + 10;
  EXPECT_EQ(read_full_list(lane_->context, false), false);
  EXPECT_TRUE(state().baseline_done);
}

}  // namespace
}  // namespace muster::sync
