// Answers whose body somebody takes piece by piece, in place of the client's memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "http/client/client.h"
#include "tests/support/http/made_body.h"
#include "tests/support/loopback_server.h"

namespace muster::http {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using test::in_pieces;
using test::start_on_loopback;
using testing::HasSubstr;

class BodySinkTest : public testing::Test {
 protected:
  // The sink adds to received_.
  ClientRequest request_to(const Server& server) {
    ClientRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
    request.sink_for = [this](const Response& head) -> BodySink {
      heads_.push_back(head);
      return [this](std::string_view bytes) {
        received_ += bytes;
        return true;
      };
    };
    return request;
  }

  Client client_;
  std::vector<Response> heads_;
  std::string received_;
};

TEST_F(BodySinkTest, IsAskedForOnceWithTheHead) {
  const auto server = start_on_loopback([](const Request&) {
    auto answer = in_pieces(
        [](int number) -> Result<std::optional<std::string>> {
          if (number == 3) return std::nullopt;
          return std::to_string(number) + std::string(100'000, ' ');
        },
        {{"X-Odd", "yes"}});
    answer.status = 201;
    return answer;
  });
  for (int i = 0; i < 2; ++i) {  // the connection is still in step
    heads_.clear();
    received_.clear();
    const auto answer = client_.send(request_to(*server));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->body, "");
    ASSERT_EQ(heads_.size(), 1U);
    EXPECT_EQ(heads_[0].status, 201);
    EXPECT_EQ(heads_[0].headers.get("X-Odd"), "yes");
    EXPECT_FALSE(heads_[0].headers.has("Content-Length"));
    const std::string padding(100'000, ' ');
    EXPECT_EQ(received_, "0" + padding + "1" + padding + "2" + padding);
  }
}

TEST_F(BodySinkTest, WithoutOneTheBodyIsCollected) {
  const auto server = start_on_loopback(
      [](const Request&) { return Response{.status = 403, .headers = {}, .body = "FORBIDDEN"}; });
  auto request = request_to(*server);
  request.sink_for = [this](const Response& head) {
    heads_.push_back(head);
    return BodySink();
  };
  request.body_limit = 9;
  const auto answer = client_.send(request);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->body, "FORBIDDEN");
  ASSERT_EQ(heads_.size(), 1U);
  EXPECT_EQ(heads_[0].headers.get("Content-Length"), "9");
  request.body_limit = 8;
  EXPECT_EQ(client_.send(request).error().code, Code::remote) << "and has its limit";
}

TEST_F(BodySinkTest, AnAnswerWithoutABodyNeedsNone) {
  const auto server = start_on_loopback([](const Request&) { return Response{.status = 200}; });
  const auto answer = client_.send(request_to(*server));
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_TRUE(heads_.empty());
}

TEST_F(BodySinkTest, ThatIsSlowSlowsTheServer) {
  constexpr int kPieces = 1000;  // of 64 KiB: more than the kernel keeps for a connection
  std::atomic<int> made = 0;
  const auto server = start_on_loopback([&](const Request&) {
    return in_pieces([&](int number) -> Result<std::optional<std::string>> {
      if (number == kPieces) return std::nullopt;
      ++made;
      return std::string(64 << 10, 'x');
    });
  });
  auto request = request_to(*server);
  size_t received = 0;
  int made_while_slow = 0;
  request.sink_for = [&](const Response&) -> BodySink {
    return [&](std::string_view bytes) {
      while (made_while_slow == 0) {  // until the server has made nothing new for a while
        const int before = made;
        std::this_thread::sleep_for(300ms);
        if (before == made) made_while_slow = before;
      }
      received += bytes.size();
      return true;
    };
  };
  const auto answer = client_.send(request);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_LT(made_while_slow, kPieces);
  EXPECT_EQ(received, size_t{kPieces} * (64 << 10));
}

TEST_F(BodySinkTest, AnAnswerThatBreaksOffIsAnError) {
  const auto server = start_on_loopback([](const Request&) {
    return in_pieces([](int number) -> Result<std::optional<std::string>> {
      if (number == 1) return failure(Code::internal, "broken");
      return "beginning";
    });
  });
  const auto answer = client_.send(request_to(*server));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unreachable);
  EXPECT_THAT(answer.error().message, HasSubstr("broke off"));
  EXPECT_EQ(received_, "beginning");
}

TEST_F(BodySinkTest, EndsTheRequestByWantingNoMore) {
  const auto server = start_on_loopback([](const Request&) {
    return in_pieces([](int) -> Result<std::optional<std::string>> { return std::string(1000, 'x'); });
  });
  auto request = request_to(*server);
  request.sink_for = [&](const Response&) -> BodySink { return [](std::string_view) { return false; }; };
  EXPECT_FALSE(client_.send(request)) << "although the answer has no end";
}

TEST_F(BodySinkTest, AStopWhileItWaitsIsAStop) {
  const auto server = start_on_loopback([](const Request&) {
    return in_pieces([](int) -> Result<std::optional<std::string>> { return std::string(1000, 'x'); });
  });
  std::stop_source stop;
  auto request = request_to(*server);
  request.sink_for = [&](const Response&) -> BodySink {
    return [&](std::string_view) {
      stop.request_stop();
      return false;
    };
  };
  const auto answer = client_.send(request, stop.get_token());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::cancelled);
}

TEST_F(BodySinkTest, SilenceEndsTheRequest) {
  const auto server = start_on_loopback([](const Request&) {
    return in_pieces([](int number) -> Result<std::optional<std::string>> {
      return std::string(number == 0 ? "beginning" : "");
    });
  });
  auto request = request_to(*server);
  request.silence_timeout = 100ms;
  const auto answer = client_.send(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unreachable);
  EXPECT_THAT(answer.error().message, HasSubstr("nothing more of the answer"));
  EXPECT_THAT(answer.error().message, HasSubstr("for 100 ms"));
  EXPECT_EQ(received_, "beginning");
}

TEST_F(BodySinkTest, WithALimitOfSilenceTheWholeAnswerMayTakeLong) {
  constexpr auto kWhole = 1s;
  const auto server = start_on_loopback([&](const Request&) {
    const auto end = SteadyClock::now() + kWhole + 100ms;
    return in_pieces([end](int) -> Result<std::optional<std::string>> {
      if (SteadyClock::now() > end) return std::nullopt;
      std::this_thread::sleep_for(10ms);
      return "x";
    });
  });
  auto request = request_to(*server);
  request.total_timeout = kWhole;
  request.silence_timeout = 20s;
  EXPECT_TRUE(client_.send(request));
  request.silence_timeout = 0s;
  EXPECT_FALSE(client_.send(request)) << "without one, it may not";
}

// What is collected has the limit of the whole answer.
TEST_F(BodySinkTest, SilenceDoesNotCountBeforeTheBodyIsTaken) {
  const auto server = start_on_loopback([](const Request&) {
    return in_pieces([](int number) -> Result<std::optional<std::string>> {
      return std::string(number == 0 ? "beginning" : "");
    });
  });
  auto request = request_to(*server);
  request.sink_for = {};
  request.total_timeout = 200ms;
  request.silence_timeout = 20s;
  const auto answer = client_.send(request);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("no whole answer"));
}

}  // namespace
}  // namespace muster::http
