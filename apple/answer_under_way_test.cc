#include "apple/answer_under_way.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "base/threads/wanted.h"
#include "tests/support/eventually.h"

namespace muster::apple {
namespace {

using test::eventually;
using testing::HasSubstr;
using Begin = AnswerUnderWay::Begin;

const http::Response kHead{.status = 200, .headers = {{"X-Odd", "yes"}}};
const std::string kPiece(64 << 10, 'x');

// All that comes until the end, or an error.
Result<std::string> rest_of(http::BodyStream& body) {
  std::string all;
  for (;;) {
    MUSTER_TRY(const auto piece, body.next());
    if (!piece) return all;
    all += *piece;
    if (!piece->empty()) continue;
    std::latch more(1);
    body.when_more([&] { more.count_down(); });
    more.wait();
  }
}

// A call that says `pieces`, one after the other, and then ends so.
AnswerUnderWay::MakeCall saying(std::vector<std::string> pieces, Result<http::Response> end = kHead) {
  return [=](const Begin& begin, const std::stop_token&) -> Result<http::Response> {
    const auto sink = begin(kHead);
    for (const auto& piece : pieces) EXPECT_TRUE(sink(piece));
    return end;
  };
}

// A call that never ends by itself.
AnswerUnderWay::MakeCall endless(std::atomic<bool>& ended) {
  return [&ended](const Begin& begin, const std::stop_token&) -> Result<http::Response> {
    const auto sink = begin(kHead);
    while (sink(kPiece)) {
    }
    ended = true;
    return failure(Code::cancelled, "stopped");
  };
}

TEST(AnswerUnderWayTest, ComesInPiecesWhereItsLengthIsUnknownOrLarge) {
  const auto comes = [](int status, const http::Headers& headers) {
    return comes_in_pieces({.status = status, .headers = headers}, 1000);
  };
  EXPECT_TRUE(comes(200, {}));
  EXPECT_TRUE(comes(206, {{"Transfer-Encoding", "chunked"}}));
  EXPECT_TRUE(comes(200, {{"Content-Length", "1001"}}));
  EXPECT_TRUE(comes(200, {{"Content-Length", "99999999999999999999999"}}));
  EXPECT_TRUE(comes(200, {{"Content-Length", "10"}, {"Content-Encoding", "gzip"}}))
      << "that is not the body's";
  EXPECT_FALSE(comes(200, {{"content-length", "1000"}}));
  EXPECT_FALSE(comes(200, {{"Content-Length", "10"}, {"Content-Encoding", "Identity"}}));
  for (const int status : {301, 401, 403, 500}) EXPECT_FALSE(comes(status, {})) << status;
}

TEST(AnswerUnderWayTest, AWholeAnswerIsGivenAsItIs) {
  const auto whole = AnswerUnderWay::of(
      [](const Begin&, const std::stop_token&) {
        return http::Response{.status = 403, .headers = {}, .body = "FORBIDDEN"};
      },
      false, {});
  ASSERT_TRUE(whole) << whole.error().text();
  EXPECT_EQ(whole->status, 403);
  EXPECT_EQ(whole->body, "FORBIDDEN");
  EXPECT_FALSE(whole->stream);
  const auto failed = AnswerUnderWay::of(
      [](const Begin&, const std::stop_token&) -> Result<http::Response> {
        return failure(Code::unreachable, "nobody is there");
      },
      false, {});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "nobody is there");
}

TEST(AnswerUnderWayTest, ABegunOneHasItsHeadAndThenItsPieces) {
  const auto begun = AnswerUnderWay::of(saying({"first ", "second ", "third"}), false, {});
  ASSERT_TRUE(begun) << begun.error().text();
  EXPECT_EQ(begun->status, 200);
  EXPECT_EQ(begun->headers.get("X-Odd"), "yes");
  EXPECT_EQ(begun->body, "");
  ASSERT_TRUE(begun->stream);
  EXPECT_EQ(rest_of(*begun->stream), "first second third");
  EXPECT_EQ(begun->stream->next(), std::nullopt) << "it stays at its end";
}

TEST(AnswerUnderWayTest, OneThatBreaksOffIsAnErrorBehindWhatCame) {
  const auto begun = AnswerUnderWay::of(
      saying({"beginning"}, failure(Code::unreachable, "the answer broke off")), false, {});
  ASSERT_TRUE(begun && begun->stream);
  std::string came;
  Result<std::optional<std::string>> piece = std::string();
  while ((piece = begun->stream->next()) && *piece) came += **piece;
  EXPECT_EQ(came, "beginning");
  ASSERT_FALSE(piece);
  EXPECT_THAT(piece.error().message, HasSubstr("broke off"));
}

TEST(AnswerUnderWayTest, WaitsForItsReader) {
  std::atomic<int> put = 0;
  const auto begun = AnswerUnderWay::of(
      [&](const Begin& begin, const std::stop_token&) -> Result<http::Response> {
        const auto sink = begin(kHead);
        for (int i = 0; i < 100; ++i, ++put) EXPECT_TRUE(sink(kPiece));
        return kHead;
      },
      false, {});
  ASSERT_TRUE(begun && begun->stream);
  EXPECT_TRUE(eventually([&] { return put == 2; }));
  for (int taken = 2; taken < 10; taken += 2) {
    EXPECT_EQ(begun->stream->next()->value().size(), 2 * kPiece.size());
    EXPECT_TRUE(eventually([&] { return put == taken + 2; })) << "it goes on where there is room";
  }
  const auto rest = rest_of(*begun->stream);
  ASSERT_TRUE(rest) << rest.error().text();
  EXPECT_EQ(rest->size(), 92 * kPiece.size());
}

TEST(AnswerUnderWayTest, EndsWithItsReader) {
  std::atomic<bool> ended = false;
  {
    const auto begun = AnswerUnderWay::of(endless(ended), false, {});
    ASSERT_TRUE(begun && begun->stream);
    ASSERT_TRUE(begun->stream->next());
  }
  EXPECT_TRUE(ended);
}

TEST(AnswerUnderWayTest, WakesItsReaderOnceAndOnlyWhileThatIsThere) {
  std::latch go_on(1);
  std::atomic<int> woken = 0;
  {
    const auto begun = AnswerUnderWay::of(
        [&](const Begin& begin, const std::stop_token&) -> Result<http::Response> {
          const auto sink = begin(kHead);
          go_on.wait();
          for (int i = 0; i < 2; ++i) EXPECT_TRUE(sink("piece"));
          return kHead;
        },
        false, {});
    ASSERT_TRUE(begun && begun->stream);
    EXPECT_EQ(begun->stream->next()->value(), "") << "there is none now";
    begun->stream->when_more([&] { ++woken; });
    EXPECT_EQ(woken, 0);
    go_on.count_down();
    EXPECT_TRUE(eventually([&] { return woken == 1; }));
    EXPECT_EQ(rest_of(*begun->stream), "piecepiece");
    EXPECT_EQ(woken, 1);
    begun->stream->when_more([&] { ++woken; });
    EXPECT_EQ(woken, 2) << "at its end, at once";
  }
  {
    std::atomic<bool> ended = false;
    auto begun = AnswerUnderWay::of(
        [&](const Begin& begin, const std::stop_token& stop) -> Result<http::Response> {
          const auto sink = begin(kHead);
          std::latch stopped(1);
          const std::stop_callback end(stop, [&] { stopped.count_down(); });
          stopped.wait();
          ended = true;
          return failure(Code::cancelled, "stopped");
        },
        false, {});
    ASSERT_TRUE(begun && begun->stream);
    begun->stream->when_more([&] { ++woken; });
    begun->stream.reset();
    EXPECT_TRUE(ended);
    EXPECT_EQ(woken, 2);
  }
}

TEST(AnswerUnderWayTest, EndsBeforeItBeganWhenItIsStoppedOrNotWanted) {
  const auto call = [](std::stop_source& server, std::stop_source& client, bool has_effect) {
    const Wanted wanted({}, client.get_token());
    return AnswerUnderWay::of(
        [&](const Begin&, const std::stop_token& stop) -> Result<http::Response> {
          std::latch stopped(1);
          const std::stop_callback end(stop, [&] { stopped.count_down(); });
          stopped.wait();
          return failure(Code::cancelled, "stopped");
        },
        has_effect, server.get_token());
  };
  {
    std::stop_source server, client;
    client.request_stop();
    EXPECT_EQ(call(server, client, false).error().code, Code::cancelled);
  }
  for (const bool has_effect : {false, true}) {
    std::stop_source server, client;
    std::jthread stopper([&] { server.request_stop(); });
    EXPECT_EQ(call(server, client, has_effect).error().code, Code::cancelled);
  }
}

TEST(AnswerUnderWayTest, AnEffectIsWaitedForAlthoughItsClientLeft) {
  std::stop_source client;
  client.request_stop();
  const Wanted wanted({}, client.get_token());
  const auto answer = AnswerUnderWay::of(
      [](const Begin&, const std::stop_token& stop) {
        std::this_thread::sleep_for(std::chrono::milliseconds(600));  // so that it is looked for the client
        return http::Response{.status = stop.stop_requested() ? 500 : 200};
      },
      true, {});
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->status, 200);
}

TEST(AnswerUnderWayTest, AreNotTooManyAtATime) {
  std::atomic<bool> ended = false;
  std::vector<http::Response> under_way;
  for (int i = 0; i < kMostUnderWay; ++i) {
    auto begun = AnswerUnderWay::of(endless(ended), false, {});
    ASSERT_TRUE(begun && begun->stream) << i;
    under_way.push_back(*std::move(begun));
  }
  const auto whole_or_not = [](const Begin& begin, const std::stop_token&) -> Result<http::Response> {
    const auto sink = begin(kHead);
    if (!sink) return http::Response{.status = 200, .headers = {}, .body = "whole"};
    EXPECT_TRUE(sink("piece"));
    return kHead;
  };
  const auto further = AnswerUnderWay::of(whole_or_not, false, {});
  ASSERT_TRUE(further) << further.error().text();
  EXPECT_FALSE(further->stream);
  EXPECT_EQ(further->body, "whole");
  under_way.pop_back();
  const auto next = AnswerUnderWay::of(whole_or_not, false, {});
  ASSERT_TRUE(next) << next.error().text();
  EXPECT_TRUE(next->stream);
}

}  // namespace
}  // namespace muster::apple
