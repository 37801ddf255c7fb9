// A list without an end: each page and each cursor is new.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sync/run/list_page.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

class EndlessList : public test::AccountFixture {
 protected:
  EndlessList() {
    SyncState state;
    state.changes = Cursor("c0");
    put_state(state);
    for (const char* call : {"POST /devices/sync", "POST /server/devices"})
      apple_.on(call, [this](const test::AppleCall& asked) {
        const long long page = ++pages_;
        const test::AppleRow row{
            .serial = fmt::format("C{}", page), .operation = "added", .date = clock_.now()};
        return test::page({row}, fmt::format("c{}", page), page < ends_with_)(asked);
      });
  }

  long long devices() {
    return read([&](Reader& r) { return r.device_counts(account_.id); }).devices;
  }

  std::atomic<long long> pages_ = 0;
  std::atomic<long long> ends_with_ = 1'000'000'000;
};

TEST_F(EndlessList, OfChangesIsReadInPartsWithPausesBetween) {
  for (const int part : {1, 2}) {
    const auto done = lane_.read_changes();
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("POST /devices/sync do not end: 4000 pages received"),
              std::string::npos)
        << done.error().message;
    EXPECT_EQ(devices(), part * kMostPages) << "what came is stored";
    EXPECT_EQ(state().changes.str(), fmt::format("c{}", part * kMostPages));
    EXPECT_GE(lane_.retry_in, 1min);
    pages_ = part * kMostPages;  // but for those that were asked for ahead
  }
  ends_with_ = pages_ + 10;
  EXPECT_TRUE(lane_.read_changes()) << "a long one comes to its end";
}

TEST_F(EndlessList, OfDevicesIsReadInPartsWithPausesBetween) {
  for (const int part : {1, 2}) {
    const auto done = read_full_list(lane_.context, false);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("POST /server/devices do not end"), std::string::npos)
        << done.error().message;
    EXPECT_EQ(devices(), part * kMostPages);
    EXPECT_TRUE(state().list_under_way) << "it goes on where it was";
    EXPECT_EQ(state().list.str(), fmt::format("c{}", part * kMostPages));
    EXPECT_GE(lane_.retry_in, 15min);
    pages_ = part * kMostPages;
  }
  ends_with_ = pages_ + 10;
  EXPECT_EQ(read_full_list(lane_.context, false), false);
  EXPECT_TRUE(state().baseline_done);
}

}  // namespace
}  // namespace muster::sync
