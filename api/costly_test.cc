#include "api/costly.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/text/json.h"
#include "tests/support/eventually.h"
#include "tests/support/open_store.h"
#include "tests/support/temp_dir.h"

namespace muster::api {
namespace {

using test::eventually;

class CostlyTest : public testing::Test {
 protected:
  // Begins to count in a thread of its own, until it is let go.
  void ask() {
    people_.emplace_back([this] {
      const auto answer = costly_.in_turn({}, [this]() -> Result<http::Response> {
        most_ = std::max(most_.load(), ++counting_);
        (void)eventually([this] { return let_go_.load(); });
        --counting_;
        return http::Response{200, {}, ""};
      });
      ++by_status_[answer->status == 200 ? 0 : 1];
    });
  }
  void end() {
    let_go_ = true;
    people_.clear();
  }

  Costly costly_;
  std::atomic<int> counting_ = 0, most_ = 0;
  std::atomic<bool> let_go_ = false;
  std::array<std::atomic<int>, 2> by_status_ = {};  // 200, others
  std::vector<std::jthread> people_;
};

TEST_F(CostlyTest, AFewAreCountedAtATimeAndAllAreServed) {
  for (int i = 0; i < 10; ++i) ask();
  ASSERT_TRUE(eventually([&] { return counting_ == static_cast<int>(Costly::kAtOnce); }));
  end();
  EXPECT_EQ(most_, static_cast<int>(Costly::kAtOnce));
  EXPECT_EQ(by_status_[0], 10);
}

TEST_F(CostlyTest, RejectsWhenTooManyWait) {
  for (size_t i = 0; i < Costly::kAtOnce; ++i) ask();
  ASSERT_TRUE(eventually([&] { return counting_ == static_cast<int>(Costly::kAtOnce); }));
  for (size_t i = 0; i < Costly::kWaiting + 3; ++i) ask();
  ASSERT_TRUE(eventually([&] { return by_status_[1] == 3; }));
  const auto refused = costly_.in_turn({}, [] { return Result<http::Response>(http::Response{}); });
  EXPECT_EQ(refused->status, 503);
  EXPECT_TRUE(refused->headers.has("Retry-After"));
  end();
  EXPECT_EQ(by_status_[0], static_cast<int>(Costly::kAtOnce + Costly::kWaiting));
}

TEST_F(CostlyTest, AnAnswerIsKeptUntilSomethingIsWritten) {
  const test::TempDir directory;
  const auto store = *test::open_store(directory.path());
  const AccountId account =
      *store->write(installation, [](Writer& w) { return w.create_account(AccountName("school")); });
  int counted = 0;
  const auto ask = [&](const std::string& question) {
    return costly_
        .answer(*store, question, {},
                [&]() -> Result<http::Response> {
                  return http::Response{200, {}, std::to_string(++counted)};
                })
        ->body;
  };
  EXPECT_EQ(ask("a"), "1");
  EXPECT_EQ(ask("b"), "2");
  EXPECT_EQ(ask("a"), "1");
  // What each poll writes changes no count.
  ASSERT_TRUE(store->write(installation, [&](Writer& w) { return w.put_run_record(account, {}); }));
  EXPECT_EQ(ask("a"), "1");
  const auto write = [&](auto change) { EXPECT_TRUE(store->write(installation, change)); };
  Device device;
  device.account = account;
  device.serial = Serial("C1");
  const std::vector<std::function<Result<>(Writer&)>> changes = {
      [&](Writer& w) { return w.insert_device(device); },
      [&](Writer& w) { return w.update_device(device); },
      [&](Writer& w) {
        return w.put_note(account, Serial("C1"), {.name = "Cart", .owner = {}, .group = {}, .asset_tag = {}});
      },
      [&](Writer& w) -> Result<> {
        SerialList list{.account = account, .name = "lab"};
        MUSTER_TRY(w.put_serial_list(list));
        MUSTER_TRY(w.add_to_list(list.id, Serial("C1")));
        return {};
      },
      [&](Writer& w) -> Result<> {
        Rule rule{.account = account, .filter = "*", .profile = ProfileUuid("P")};
        return w.put_rule(rule);
      },
      [&](Writer& w) {
        return w.put_assignment({.device = device.id,
                                 .serial = Serial("C1"),
                                 .account = account,
                                 .profile = ProfileUuid("P"),
                                 .last_answer = {}});
      }};
  for (const auto& change : changes) {
    const auto before = ask("a");
    write(change);
    EXPECT_NE(ask("a"), before) << "change " << &change - changes.data();
  }
  // Nor is what was undone one.
  const auto before = ask("a");
  EXPECT_FALSE(store->write(installation, [&](Writer& w) -> Result<> {
    MUSTER_TRY(w.update_device(device));
    return failure(Code::cancelled, "");
  }));
  EXPECT_EQ(ask("a"), before);
}

}  // namespace
}  // namespace muster::api
