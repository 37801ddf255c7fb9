#include "sim/faults/pieces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <vector>

namespace muster::sim {
namespace {

using testing::ElementsAre;

// Up to `most` pieces; "cut" behind them when the connection ends there.
std::vector<std::string> pieces_of(http::BodyStream& body, size_t most = 100) {
  std::vector<std::string> all;
  while (all.size() < most) {
    const auto piece = body.next();
    if (!piece) all.emplace_back("cut");
    if (!piece || !*piece) break;
    all.push_back(**piece);
  }
  return all;
}

std::vector<std::string> pieces_of(const std::string& body, const Pieces& pieces, bool is_cut = false) {
  return pieces_of(*body_in_pieces(body, pieces, is_cut, [](long long) {}));
}

TEST(BodyInPieces, AreWholeRepeatedOrCut) {
  EXPECT_THAT(pieces_of("abcde", {.bytes = 2}), ElementsAre("ab", "cd", "e"));
  EXPECT_THAT(pieces_of("abc", {.bytes = 2, .repeat = 2}), ElementsAre("ab", "ca", "bc"));
  EXPECT_THAT(pieces_of("abc", {.bytes = 7, .repeat = 2}), ElementsAre("abcabc"));
  EXPECT_THAT(pieces_of("abcdef", {.bytes = 2}, true), ElementsAre("ab", "c", "cut"));
  EXPECT_THAT(pieces_of("", {.bytes = 2, .repeat = 0}), ElementsAre());
}

TEST(BodyInPieces, MayHaveNoEnd) {
  const auto body = body_in_pieces("abc", {.bytes = 4, .repeat = 0}, false, [](long long) {});
  EXPECT_THAT(pieces_of(*body, 3), ElementsAre("abca", "bcab", "cabc"));
  EXPECT_EQ(pieces_of(*body, 1000).size(), 1000U);
}

TEST(BodyInPieces, PausesBeforeEach) {
  std::vector<long long> pauses;
  const auto body =
      body_in_pieces("abc", {.bytes = 2, .pause_ms = 7}, false, [&](long long ms) { pauses.push_back(ms); });
  pieces_of(*body);
  EXPECT_THAT(pauses, ElementsAre(7, 7));
}

TEST(BodyInPieces, HaveTheirForm) {
  const auto parse = [](const char* text) { return parse_pieces(boost::json::parse(text)); };
  EXPECT_EQ(boost::json::serialize(to_json(*parse(R"({"bytes":9,"pause_ms":5,"repeat":0})"))),
            R"({"bytes":9,"pause_ms":5,"repeat":0})");
  EXPECT_EQ(parse(R"({"bytes":9})")->repeat, 1);
  for (const char* wrong :
       {"9", "{}", R"({"bytes":0})", R"({"bytes":9,"repeat":-1})", R"({"bytes":9,"x":1})"})
    EXPECT_EQ(parse(wrong).error().code, Code::invalid) << wrong;
}

}  // namespace
}  // namespace muster::sim
