// A call about many devices that Apple rejects because of some of them.
#include "sync/run/ask_details.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

class AskDetails : public test::AccountFixture {
 protected:
  AskDetails() {
    apple_.on("POST /devices", [this](const test::AppleCall& call) -> Result<http::Response> {
      std::vector<test::AppleRow> rows;
      for (const auto& serial : call.serials()) {
        if (rejects_all_ || rejected_.contains(serial))
          return test::answer_word(status_, "SOME_REASON")(call);
        rows.push_back({.serial = serial});
      }
      return test::reports(rows)(call);
    });
  }

  static std::vector<Serial> serials(int count) {
    std::vector<Serial> all;
    for (int i = 0; i < count; ++i) all.emplace_back(fmt::format("C{:03}", i));
    return all;
  }

  const LaneContext& context(int failures = 0) {
    lane_.context.failures = failures;
    return lane_.context;
  }
  size_t asked() const { return apple_.calls().size(); }

  static long long answered(const Details& details) {
    return std::ranges::count_if(details,
                                 [](const auto& entry) { return entry.second.response_status.is_success(); });
  }

  std::set<std::string> rejected_;
  bool rejects_all_ = false;
  int status_ = 410;
};

TEST_F(AskDetails, OneRejectedDeviceStandsAlone) {
  for (const char* place : {"C000", "C001", "C499", "C500", "C998", "C999"}) {
    rejected_ = {place};
    apple_.forget_calls();
    const auto& lane = context();
    DetailCalls calls(lane);
    const auto details = calls.ask(serials(1000));
    ASSERT_TRUE(details) << details.error().text();
    EXPECT_EQ(answered(*details), 999) << place;
    EXPECT_EQ(details->at(Serial(place)).response_status,
              (AnswerWord{AnswerWord::Kind::unknown, "SOME_REASON"}));
    EXPECT_LE(asked(), 21u) << place;
  }
}

TEST_F(AskDetails, AWordThatMeansSomethingOfADeviceMeansNothingOfACall) {
  rejected_ = {"C001"};
  status_ = 404;
  const auto& lane = context();
  DetailCalls calls(lane);
  const auto details = calls.ask(serials(2));
  ASSERT_TRUE(details);
  EXPECT_FALSE(details->at(Serial("C001")).response_status.is_gone());
}

TEST_F(AskDetails, FiveRejectedDevicesStandAlone) {
  rejected_ = {"C000", "C003", "C300", "C700", "C999"};
  const auto& lane = context();
  DetailCalls calls(lane);
  const auto details = calls.ask(serials(1000));
  ASSERT_TRUE(details);
  EXPECT_EQ(answered(*details), 995);
}

TEST_F(AskDetails, WhatIsNotAboutADeviceCostsFewCallsAndIsTheError) {
  rejects_all_ = true;
  const auto& lane = context();
  DetailCalls calls(lane);
  const auto details = calls.ask(serials(1000));
  ASSERT_FALSE(details);
  EXPECT_EQ(details.error().remote.word, "SOME_REASON");
  EXPECT_FALSE(calls.answered());
  EXPECT_LE(asked(), 14u);

  calls.remember();
  const auto asked_in_a_run = [&](int failures) {
    apple_.forget_calls();
    const auto& again = context(failures);
    DetailCalls fewer(again);
    for (int kind = 0; kind < 6 && fewer.is_patient(); ++kind) EXPECT_FALSE(fewer.ask(serials(1000)));
    return asked();
  };
  for (const int failures : {0, 1, 3, 5, 9}) EXPECT_EQ(asked_in_a_run(failures), 1u) << failures;
  for (const int failures : {4, 8, 64}) EXPECT_EQ(asked_in_a_run(failures), 4u) << failures;
}

TEST_F(AskDetails, ADeviceAloneIsTheReasonOnceAnotherCallWasAnswered) {
  rejected_ = {"C000"};
  const auto& lane = context();
  DetailCalls calls(lane);
  EXPECT_FALSE(calls.ask(serials(1)));
  rejected_ = {"C001"};
  EXPECT_TRUE(calls.ask(serials(1)));
  const std::vector<Serial> alone{Serial("C001")};
  const auto details = calls.ask(alone);
  ASSERT_TRUE(details);
  EXPECT_EQ(details->at(alone.front()).response_status.kind, AnswerWord::Kind::unknown);
}

}  // namespace
}  // namespace muster::sync
