// A call about many devices that Apple rejects because of some of them.
#include "sync/run/ask_details.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "apple/service.h"
#include "base/log/log.h"
#include "base/text/json.h"
#include "store/sqlite/open.h"
#include "tests/support/lane.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_dir.h"

namespace muster::sync {
namespace {

// In Apple's place, without a network.
class PickyApple : public http::Transport {
 public:
  Result<http::Response> send(const http::ClientRequest& request, std::stop_token) override {
    if (request.url.ends_with("/session")) return http::Response{200, {}, R"({"auth_session_token":"s"})"};
    ++calls;
    if (rejects_all) return http::Response{410, {}, "SOME_REASON"};
    boost::json::object devices;
    const auto body = parse_json(request.body);
    for (const auto& item : body->at("devices").as_array()) {
      const std::string serial(item.as_string());
      if (rejected.contains(serial)) return http::Response{status, {}, "SOME_REASON"};
      devices[serial] = {
          {"response_status", "SUCCESS"}, {"serial_number", serial}, {"profile_status", "empty"}};
    }
    return http::Response{200, {}, write_json(boost::json::object{{"devices", std::move(devices)}})};
  }
  std::set<std::string> rejected;
  int status = 410;
  bool rejects_all = false;
  int calls = 0;
};

class AskDetails : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::error);
    ASSERT_TRUE(store_->write([&](Writer& w) { return w.create_account(AccountName("school")); }));
    account_ = store_->read([](Reader& r) { return r.accounts(); })->at(0);
  }

  static std::vector<Serial> serials(int count) {
    std::vector<Serial> all;
    for (int i = 0; i < count; ++i) all.emplace_back(fmt::format("C{:03}", i));
    return all;
  }

  LaneContext context(int failures = 0) {
    return {{.store = *store_, .service = service_, .clock = clock_, .account = account_},
            memory_,
            failures,
            retry_in_,
            false};
  }

  static long long answered(const Details& details) {
    return std::ranges::count_if(details,
                                 [](const auto& entry) { return entry.second.response_status.is_success(); });
  }

  test::ManualClock clock_;
  const test::TempDir directory_;
  std::unique_ptr<Store> store_ = *sqlite::open(directory_.path());
  PickyApple apple_;
  apple::Service service_{"http://apple", {"CK", "CS", "AT", "AS", {}}, apple_, clock_};
  Account account_;
  AccountMemory memory_;
  std::optional<Millis> retry_in_;
};

TEST_F(AskDetails, OneRejectedDeviceStandsAlone) {
  for (const char* place : {"C000", "C001", "C499", "C500", "C998", "C999"}) {
    apple_.rejected = {place};
    apple_.calls = 0;
    const auto lane = context();
    DetailCalls calls(lane);
    const auto details = calls.ask(serials(1000));
    ASSERT_TRUE(details) << details.error().text();
    EXPECT_EQ(answered(*details), 999) << place;
    EXPECT_EQ(details->at(Serial(place)).response_status,
              (AnswerWord{AnswerWord::Kind::unknown, "SOME_REASON"}));
    EXPECT_LE(apple_.calls, 21) << place;
  }
}

TEST_F(AskDetails, AWordThatMeansSomethingOfADeviceMeansNothingOfACall) {
  apple_.rejected = {"C001"};
  apple_.status = 404;
  const auto lane = context();
  DetailCalls calls(lane);
  const auto details = calls.ask(serials(2));
  ASSERT_TRUE(details);
  EXPECT_FALSE(details->at(Serial("C001")).response_status.is_gone());
}

TEST_F(AskDetails, FiveRejectedDevicesStandAlone) {
  apple_.rejected = {"C000", "C003", "C300", "C700", "C999"};
  const auto lane = context();
  DetailCalls calls(lane);
  const auto details = calls.ask(serials(1000));
  ASSERT_TRUE(details);
  EXPECT_EQ(answered(*details), 995);
}

TEST_F(AskDetails, WhatIsNotAboutADeviceCostsFewCallsAndIsTheError) {
  apple_.rejects_all = true;
  const auto lane = context();
  DetailCalls calls(lane);
  const auto details = calls.ask(serials(1000));
  ASSERT_FALSE(details);
  EXPECT_EQ(details.error().remote.word, "SOME_REASON");
  EXPECT_FALSE(calls.answered());
  EXPECT_LE(apple_.calls, 14);

  apple_.calls = 0;
  const auto again = context(3);
  DetailCalls fewer(again);
  for (int kind = 0; kind < 6; ++kind) EXPECT_FALSE(fewer.ask(serials(1000)));
  EXPECT_LE(apple_.calls, 10);
}

TEST_F(AskDetails, ADeviceAloneIsTheReasonOnceAnotherCallWasAnswered) {
  apple_.rejected = {"C000"};
  const auto lane = context();
  DetailCalls calls(lane);
  EXPECT_FALSE(calls.ask(serials(1)));
  apple_.rejected = {"C001"};
  EXPECT_TRUE(calls.ask(serials(1)));
  const std::vector<Serial> alone{Serial("C001")};
  const auto details = calls.ask(alone);
  ASSERT_TRUE(details);
  EXPECT_EQ(details->at(alone.front()).response_status.kind, AnswerWord::Kind::unknown);
}

}  // namespace
}  // namespace muster::sync
