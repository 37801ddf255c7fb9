#include "apple/session/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <latch>
#include <set>
#include <thread>

#include "tests/support/manual_clock.h"
#include "tests/support/scripted_apple.h"

namespace muster::apple {
namespace {

using test::ScriptedApple;
using testing::ElementsAre;
using testing::HasSubstr;

std::string session_of(const http::Request& request) {
  return request.headers.get("X-ADM-Auth-Session").value_or("");
}

class SessionTest : public testing::Test {
 protected:
  Result<http::Response> ask(std::stop_token stop = {}) {
    return session_.send(apple_request("GET", apple_.url() + "/account"), stop);
  }
  int status() {
    const auto answer = ask();
    return answer ? answer->status : -1;
  }
  // Lets only `good` in.
  void accept_only(const std::string& good,
                   http::Response otherwise = ScriptedApple::word(401, "UNAUTHORIZED")) {
    apple_.on("GET /account", [good, otherwise](const http::Request& request) {
      return session_of(request) == good ? ScriptedApple::json("{}") : otherwise;
    });
  }
  std::vector<std::string> sessions_used() {
    std::vector<std::string> used;
    for (const auto& request : apple_.requests())
      if (request.path != "/session") used.push_back(session_of(request));
    return used;
  }

  ScriptedApple apple_;
  http::Client client_;
  ManualClock clock_;
  Session session_{apple_.url(), {"CK", "CS", "AT", "AS", {}}, client_, clock_};
};

TEST_F(SessionTest, IsOpenedOnceAndKept) {
  accept_only("session-1");
  EXPECT_EQ(status(), 200);
  EXPECT_EQ(status(), 200);
  EXPECT_THAT(apple_.calls(), ElementsAre("GET /session", "GET /account", "GET /account"));
}

TEST_F(SessionTest, IsAskedForWithWhatAppleDemands) {
  accept_only("session-1");
  EXPECT_EQ(status(), 200);
  for (const auto& request : apple_.requests()) {
    EXPECT_EQ(request.headers.get("X-Server-Protocol-Version"), "10");
    EXPECT_EQ(request.headers.get("User-Agent"), "Muster/" MUSTER_VERSION);
    EXPECT_EQ(request.headers.get("Content-Type"), "application/json;charset=UTF8");
    EXPECT_EQ(request.headers.get("Accept"), "application/json;charset=UTF8");
  }
  EXPECT_THAT(apple_.requests()[0].headers.get("Authorization").value_or(""),
              HasSubstr("OAuth realm=\"ADM\", oauth_consumer_key=\"CK\""));
  EXPECT_THAT(apple_.requests()[0].headers.get("Authorization").value_or(""),
              HasSubstr("oauth_timestamp=\"1772355600\""));
  EXPECT_FALSE(apple_.requests()[1].headers.has("Authorization"));
}

TEST_F(SessionTest, ARotatedOneIsUsedFromThenOn) {
  std::atomic<int> calls = 0;
  apple_.on("GET /account", [&](const http::Request&) {
    auto answer = ++calls == 2 ? ScriptedApple::word(503, "") : ScriptedApple::json("{}");  // from any answer
    if (calls <= 2) answer.headers.add("X-ADM-Auth-Session", "rotated-" + std::to_string(calls));
    return answer;
  });
  EXPECT_EQ(status(), 200);
  EXPECT_EQ(status(), 503);
  EXPECT_EQ(status(), 200);
  EXPECT_THAT(sessions_used(), ElementsAre("session-1", "rotated-1", "rotated-2"));
  EXPECT_EQ(apple_.count("GET /session"), 1u);
}

TEST_F(SessionTest, ARotatedOneThatCannotBeAHeaderIsLeftOut) {
  apple_.on("GET /account", [&](const http::Request&) {
    return http::Response{200, {{"X-ADM-Auth-Session", "two words"}}, "{}"};
  });
  EXPECT_EQ(status(), 200);
  EXPECT_EQ(status(), 200);
  EXPECT_THAT(sessions_used(), ElementsAre("session-1", "session-1"));
}

TEST_F(SessionTest, AnEndedOneIsRenewedAndTheRequestRepeatedOnce) {
  accept_only("session-1");
  EXPECT_EQ(status(), 200);
  accept_only("session-2");
  EXPECT_EQ(status(), 200);
  EXPECT_THAT(apple_.calls(),
              ElementsAre("GET /session", "GET /account", "GET /account", "GET /session", "GET /account"));
  EXPECT_THAT(sessions_used(), ElementsAre("session-1", "session-1", "session-2"));
}

TEST_F(SessionTest, ForbiddenIsAnEndedOneToo) {
  accept_only("session-1");
  EXPECT_EQ(status(), 200);
  accept_only("session-2", ScriptedApple::word(403, "\"FORBIDDEN\""));  // depsim after its restart
  EXPECT_EQ(status(), 200);
}

TEST_F(SessionTest, EveryRequestForOneIsSignedAnew) {
  accept_only("session-1");
  EXPECT_EQ(status(), 200);
  accept_only("session-2");
  EXPECT_EQ(status(), 200);
  std::set<std::string> signatures;
  for (const auto& request : apple_.requests())
    if (request.path == "/session") signatures.insert(request.headers.get("Authorization").value_or(""));
  EXPECT_EQ(signatures.size(), 2u);  // with the clock standing still
}

TEST_F(SessionTest, ALastingRejectionCostsNoStorm) {
  for (const auto& refusal :
       {ScriptedApple::word(403, "FORBIDDEN"), ScriptedApple::word(401, "UNAUTHORIZED")}) {
    accept_only("nobody", refusal);
    const size_t before = apple_.requests().size();
    const auto answer = ask();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, refusal.status);
    EXPECT_LE(apple_.requests().size() - before, 3u);
    for (int i = 0; i < 10; ++i) ask();
    EXPECT_LE(apple_.requests().size() - before, 33u);
    EXPECT_LE(apple_.count("GET /session"), apple_.count("GET /account"));
  }
}

TEST_F(SessionTest, OneThatEndedAndIsRejectedAgainIsNotRenewedTwice) {
  accept_only("session-1");
  EXPECT_EQ(status(), 200);
  accept_only("nobody");
  EXPECT_EQ(status(), 401);
  EXPECT_THAT(apple_.calls(),
              ElementsAre("GET /session", "GET /account", "GET /account", "GET /session", "GET /account"));
}

TEST_F(SessionTest, OtherRefusalsAreNotRenewed) {
  for (const char* word : {"T_C_NOT_SIGNED", "ACCESS_DENIED", "token_rejectedForbidden"}) {
    accept_only("nobody", ScriptedApple::word(403, word));
    EXPECT_EQ(status(), 403);
  }
  EXPECT_EQ(apple_.count("GET /session"), 1u);
  EXPECT_EQ(apple_.count("GET /account"), 3u);
}

TEST_F(SessionTest, ManyThreadsWithoutOneAskOnce) {
  constexpr int kThreads = 10;
  // Nobody gets a session before all have had time to want one: the first waits for the others' threads to
  // run.
  std::latch all_started(kThreads);
  apple_.on("GET /session", [&](const http::Request&) {
    all_started.wait();
    return ScriptedApple::json("{\"auth_session_token\":\"one\"}");
  });
  accept_only("one");
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&] {
        all_started.count_down();
        good += status() == 200;
      });
  }
  EXPECT_EQ(good, kThreads);
  EXPECT_EQ(apple_.count("GET /session"), 1u);
}

TEST_F(SessionTest, ManyThreadsWithAnEndedOneRenewItOnce) {
  constexpr int kThreads = 10;
  accept_only("session-1");
  ASSERT_EQ(status(), 200);

  std::barrier all_asked(kThreads);  // every thread's request is there before the first is rejected
  apple_.on("GET /account", [&](const http::Request& request) {
    if (session_of(request) == "session-2") return ScriptedApple::json("{}");
    all_asked.arrive_and_wait();
    return ScriptedApple::word(401, "UNAUTHORIZED");
  });
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) threads.emplace_back([&] { good += status() == 200; });
  }
  EXPECT_EQ(good, kThreads);
  EXPECT_EQ(apple_.count("GET /session"), 2u);
}

TEST_F(SessionTest, ARejectionIsSharedByAllWhoWait) {
  constexpr int kThreads = 10;
  std::atomic<int> waiting = 0;
  std::latch refuse(1);
  apple_.on("GET /session", [&](const http::Request&) {
    refuse.wait();
    return ScriptedApple::word(403, "token_rejectedForbidden");
  });
  std::atomic<int> rejected = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&] {
        if (++waiting == kThreads) refuse.count_down();
        const auto answer = ask();
        rejected += !answer && answer.error().remote.word == "token_rejected";
      });
  }
  EXPECT_EQ(rejected, kThreads);
  EXPECT_EQ(apple_.count("GET /account"), 0u);
}

TEST_F(SessionTest, AfterARejectionTheNextRequestTriesAgain) {
  apple_.on("GET /session", [](const http::Request&) {
    return ScriptedApple::word(401, "oauth_problem_adviceUnauthorized");
  });
  const auto refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().remote.word, "oauth_problem_advice");
  EXPECT_EQ(apple_.count("GET /session"), 1u);
  apple_.on("GET /session",
            [](const http::Request&) { return ScriptedApple::json("{\"auth_session_token\":\"back\"}"); });
  accept_only("back");
  EXPECT_EQ(status(), 200);
}

TEST_F(SessionTest, AnUnusableOneIsABrokenAnswer) {
  for (const char* body : {"", "{}", "[]", "{\"auth_session_token\":\"\"}", "{\"auth_session_token\":7}",
                           "{\"auth_session_token\":\"a\\r\\nX-Evil: 1\"}", "<html>log in</html>"}) {
    apple_.on("GET /session", [body](const http::Request&) { return ScriptedApple::json(body); });
    const auto answer = ask();
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, Code::remote) << body;
    EXPECT_THAT(answer.error().message, HasSubstr("malformed answer from Apple to GET /session")) << body;
  }
  EXPECT_EQ(apple_.count("GET /account"), 0u);
}

TEST_F(SessionTest, StoppingEndsTheWaitForAnotherThreadsRenewal) {
  std::latch asked(1), release(1);
  apple_.on("GET /session", [&](const http::Request&) {
    asked.count_down();
    release.wait();
    return ScriptedApple::json("{\"auth_session_token\":\"late\"}");
  });
  accept_only("late");
  std::jthread first([&] { EXPECT_EQ(status(), 200); });
  asked.wait();

  std::stop_source stop;
  std::atomic<bool> cancelled = false;
  {
    std::jthread second([&] {
      const auto answer = ask(stop.get_token());
      cancelled = !answer && answer.error().code == Code::cancelled;
    });
    stop.request_stop();
  }
  EXPECT_TRUE(cancelled);  // while the first one still waits
  release.count_down();
  first.join();
  apple_.stop();
}

TEST_F(SessionTest, AnotherCallersStopIsNotOurs) {
  std::latch first_asked(1), release(1);
  std::atomic<int> asked = 0;
  apple_.on("GET /session", [&](const http::Request&) {
    if (++asked == 1) {
      first_asked.count_down();
      release.wait();  // its client has gone by then
    }
    return ScriptedApple::json("{\"auth_session_token\":\"good\"}");
  });
  accept_only("good");
  std::stop_source stop;
  std::jthread first([&] { ask(stop.get_token()); });
  first_asked.wait();
  std::jthread second([&] { EXPECT_EQ(status(), 200); });
  stop.request_stop();
  first.join();
  second.join();
  release.count_down();
  apple_.stop();
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace muster::apple
