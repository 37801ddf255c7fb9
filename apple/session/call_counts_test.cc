#include "apple/session/call_counts.h"

#include <gtest/gtest.h>

namespace muster::apple {
namespace {

using Kind = CallCounts::Kind;

http::Response answer_of(int status, std::string body = {}) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

TEST(CallCountsTest, CountsByEndpointAndAnswer) {
  CallCounts counts;
  counts.add_call("POST", "/devices/sync", answer_of(200));
  counts.add_call("POST", "/devices/sync", answer_of(200));
  counts.add_call("POST", "/devices/sync", answer_of(400, "EXPIRED_CURSOR"));
  counts.add_call("GET", "/session", answer_of(403, "token_rejectedForbidden"));
  counts.add_call("GET", "/session", failure(Code::unreachable, "no route to host"));
  const std::map<Kind, long long> expected = {{{"POST /devices/sync", 200, ""}, 2},
                                              {{"POST /devices/sync", 400, "EXPIRED_CURSOR"}, 1},
                                              {{"GET /session", 403, "token_rejected"}, 1},
                                              {{"GET /session", 0, ""}, 1}};
  EXPECT_EQ(counts.values().calls, expected);
}

TEST(CallCountsTest, WhatNobodyKnowsIsOther) {
  CallCounts counts;
  for (int i = 0; i < 100; ++i) {
    counts.add_call("GET", "/new/" + std::to_string(i), answer_of(200));
    counts.add_call("POST", "/profile", answer_of(400, "NEW_WORD_" + std::to_string(i)));
  }
  counts.add_call("POST", "/profile", answer_of(502, "<html>Bad gateway</html>"));
  const std::map<Kind, long long> expected = {
      {{"other", 200, ""}, 100}, {{"POST /profile", 400, "other"}, 100}, {{"POST /profile", 502, ""}, 1}};
  EXPECT_EQ(counts.values().calls, expected);
}

TEST(CallCountsTest, CountsDevicesByAnswer) {
  CallCounts counts;
  SerialAnswers answers;
  for (const auto& [serial, word] : {std::pair("A", "SUCCESS"),
                                     {"B", "success"},
                                     {"C", "THROTTLED"},
                                     {"D", "NOT_ACCESSIBLE"},
                                     {"E", "FAILED"},
                                     {"F", "SOMETHING_NEW"}})
    answers.answers.emplace(Serial(serial), read_answer_word(word));
  counts.add_assigned(answers, 8);
  counts.add_rejected(3);
  const std::map<std::string_view, long long> expected = {
      {"SUCCESS", 2}, {"THROTTLED", 1}, {"NOT_ACCESSIBLE", 1}, {"FAILED", 1},
      {"other", 1},   {"none", 2},      {"rejected", 3},       {"NOT_FOUND", 0}};
  EXPECT_EQ(counts.values().assigned, expected);
}

}  // namespace
}  // namespace muster::apple
