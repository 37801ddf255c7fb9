// Bodies of unknown length, and long ones, through the proxy: both ways, over real connections.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/guarded.h"
#include "base/text/encoding.h"
#include "tests/e2e/world/scrapes.h"
#include "tests/e2e/world/world.h"
#include "tests/support/http/made_body.h"
#include "tests/support/raw_connection.h"
#include "tests/support/scripted_apple.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kTokens = "/os-beta-enrollment/tokens";

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// What the chunks of an answer hold; nothing where the last one is missing.
std::optional<std::string> content_of(std::string_view chunks) {
  std::string content;
  for (;;) {
    const size_t line = chunks.find("\r\n");
    size_t size = 0;
    if (line == std::string_view::npos ||
        std::from_chars(chunks.data(), chunks.data() + line, size, 16).ec != std::errc())
      return std::nullopt;
    chunks.remove_prefix(line + 2);
    if (chunks.size() < size + 2) return std::nullopt;
    content += chunks.substr(0, size);
    if (size == 0) return content;
    chunks.remove_prefix(size + 2);
  }
}

std::string get_request(const std::string& target, const std::string& method = "GET",
                        const std::string& version = "1.1") {
  return method + " " + target + " HTTP/" + version + "\r\nHost: x\r\nAuthorization: Basic " +
         base64_encode(std::string("depserver:") + kApiKey) + "\r\nConnection: close\r\n\r\n";
}

class NanoDepProxyStream : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "5"});
    start_muster({"-log-level", "debug"});
    await_baseline(5);
  }
  // From now on an answer without a length.
  void answer_in_pieces(const std::string& body, const boost::json::object& pieces,
                        const std::string& deliver = "whole") {
    depsim().add_fault({{"endpoint", "beta"},
                        {"count", 0},
                        {"status", 200},
                        {"headers", {{"Content-Type", "application/json;charset=UTF8"}}},
                        {"body", body},
                        {"pieces", pieces},
                        {"deliver", deliver}});
  }
  std::string target() const { return std::string("/proxy/default") + kTokens; }
  ProgramResult curl(const std::string& arguments) const {
    return run("curl -sS -u depserver:$APIKEY " + arguments + " $SERVER_URL" + target());
  }
};

TEST_F(NanoDepProxyStream, AnAnswerWithoutALengthIsPassedOnAsItIs) {
  const std::string body = "{\"betaEnrollmentTokens\" : [ ] }\n";
  answer_in_pieces(body, {{"bytes", 5}, {"pause_ms", 1}, {"repeat", 3}});
  RawConnection client(muster().port());
  client.send(get_request(target()));
  const auto answer = client.read_all();
  const auto head = answer.substr(0, answer.find("\r\n\r\n") + 4);
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(head, HasSubstr("Content-Type: application/json;charset=UTF8\r\n"));
  EXPECT_THAT(head, HasSubstr("X-Apple-Request-UUID: "));
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(content_of(answer.substr(head.size())), repeated(body, 3)) << answer;

  RawConnection old(muster().port());
  old.send(get_request(target(), "GET", "1.0"));
  EXPECT_THAT(old.read_all(), EndsWith("\r\n\r\n" + repeated(body, 3)));
  EXPECT_FALSE(old.was_reset());
  RawConnection head_only(muster().port());
  head_only.send(get_request(target(), "HEAD"));
  EXPECT_THAT(head_only.read_all(), EndsWith("\r\n\r\n"));
}

TEST_F(NanoDepProxyStream, ALargeOneTakesLittleMemory) {
  answer_in_pieces(std::string(50'000, 'x'), {{"bytes", 65'536}, {"repeat", 3'000}});
  const auto done = curl("-o large -w '%{http_code}'");
  EXPECT_EQ(done.out, "200") << done.err;
  EXPECT_EQ(std::filesystem::file_size(path("large")), 150'000'000U);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they have memory of their own
  EXPECT_LT(muster().peak_memory(), 96 << 20);
#endif
  EXPECT_TRUE(comes_true([&] { return muster().log().find("bytes=150000000") != std::string::npos; }));
}

TEST_F(NanoDepProxyStream, OneThatAppleCutsIsCut) {
  answer_in_pieces(std::string(1'000, 'x'), {{"bytes", 50'000}, {"repeat", 1'000}}, "cut");
  const auto done = curl("-o half -w '%{http_code}'");
  constexpr int kPartialFile = 18;
  EXPECT_EQ(done.exit, kPartialFile) << done.err;
  EXPECT_EQ(done.out, "200");
  EXPECT_EQ(std::filesystem::file_size(path("half")), 500'000U) << "what came is passed on";
  RawConnection client(muster().port());
  client.send(get_request(target()));
  const auto answer = client.read_all();
  EXPECT_EQ(content_of(answer.substr(answer.find("\r\n\r\n") + 4)), std::nullopt);
  RawConnection old(muster().port());
  old.send(get_request(target(), "GET", "1.0"));
  old.read_all();
  EXPECT_TRUE(old.was_reset());
  EXPECT_EQ(depsim().calls(std::string("GET ") + kTokens), 3) << "none is made again";
  EXPECT_TRUE(comes_true([&] { return muster().events("api.answer_aborted").size() == 3; }));

  long long without_answer = 0;
  for (const auto& sample : samples_of(call("GET", "/metrics").body)) {
    if (sample.name != "muster_apple_calls_total") continue;
    const auto& labels = sample.labels;
    if (labels.at("endpoint") == std::string("GET ") + kTokens && labels.at("status") == "none")
      without_answer += std::stoll(sample.value);
  }
  EXPECT_EQ(without_answer, 3);
}

TEST_F(NanoDepProxyStream, OneWithALengthThatAppleCutsIsABadGateway) {
  depsim().add_fault({{"endpoint", "beta"}, {"deliver", "cut"}});
  EXPECT_EQ(curl("-o answer -w '%{http_code}'").out, "502");
}

TEST_F(NanoDepProxyStream, SlowOnesKeepNobodyFromBeingServedNorTheServerFromStopping) {
  answer_in_pieces("0123456789", {{"bytes", 10}, {"pause_ms", 100}, {"repeat", 0}});
  std::list<RawConnection> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back(muster().port()).send(get_request(target()));
    ASSERT_THAT(clients.back().read_until("0123456789"), HasSubstr("0123456789"));
  }
  EXPECT_THAT(run_well("mdmctl get devices"), HasSubstr(depsim().serials().front()));
  for (auto& client : clients)
    EXPECT_THAT(client.read_until("0123456789"), HasSubstr("0123456789")) << "they go on";
  EXPECT_EQ(muster().end_promptly(), 0) << muster().output();
}

TEST_F(NanoDepProxyStream, ARecordedCallMayComeInPieces) {
  write("profile.json", R"({"profile_name": "Lab", "url": "https://mdm.example.org"})");
  EXPECT_THAT(run_well("curl -sS -u depserver:$APIKEY -X POST -H 'Transfer-Encoding: chunked' -T - "
                       "$SERVER_URL/proxy/default/profile < profile.json"),
              StartsWith(R"({"profile_uuid":")"));
  EXPECT_THAT(run_well("mdmctl get dep-profiles"), HasSubstr("Lab"));
  EXPECT_THAT(run_well("mdmctl get audit"), HasSubstr("profile.defined"));
}

// Apple's side as the test tells it to be, and looks at it.
class NanoDepProxyBodies : public World {
 protected:
  void SetUp() override {
    apple_.on("GET /account",
              [](const http::Request&) { return ScriptedApple::json(R"({"server_uuid":"U"})"); });
    start_muster();
    ASSERT_EQ(call("PUT", "/v1/config/acme", R"({"base_url": ")" + apple_.url() + "\"}").status, 200);
    ASSERT_EQ(call("PUT", "/v1/tokens/acme",
                   R"({"consumer_key":"CK_1","consumer_secret":"CS_1","access_token":"AT_1",)"
                   R"("access_secret":"AS_1"})")
                  .status,
              200);
  }
  // GET /roster: pieces of 64 KiB for ever, or the first of them and then nothing.
  void answer_without_end(bool falls_silent) {
    apple_.on("GET /roster", [this, falls_silent](const http::Request&) {
      const auto life = std::make_shared<int>();
      life_.with([&](auto& known) { known = life; });
      return in_pieces([this, falls_silent, life](int number) -> Result<std::optional<std::string>> {
        if (falls_silent && number > 0) return std::string();
        ++made_;
        return std::string(64 << 10, 'x');
      });
    });
  }
  bool apple_is_still_asked() const {
    return life_.with([](const auto& life) { return !life.expired(); });
  }
  std::string post_file(const std::string& name, const std::string& more = {}) const {
    return run_well("curl -sS -u depserver:$APIKEY -X POST -H 'Transfer-Encoding: chunked' -H 'Expect:' -H " +
                    std::string("'Content-Type: application/json' -T - ") + more +
                    " $SERVER_URL/proxy/acme/roster/class < " + name);
  }

  std::atomic<int> made_ = 0;
  Guarded<std::weak_ptr<int>> life_;
  ScriptedApple apple_;
};

TEST_F(NanoDepProxyBodies, AClientThatReadsNothingIsWaitedForAndOneThatLeavesIsNot) {
  answer_without_end(false);
  {
    RawConnection client(muster().port());
    client.send(get_request("/proxy/acme/roster"));
    ASSERT_THAT(client.read_until("xxx"), HasSubstr("xxx"));
    int before = -1;
    EXPECT_TRUE(comes_true([&] {
      std::this_thread::sleep_for(300ms);
      return std::exchange(before, made_) == made_;
    })) << "the answer has no end, but nobody takes more of it";
    EXPECT_TRUE(apple_is_still_asked());
  }
  EXPECT_TRUE(comes_true([&] { return !apple_is_still_asked(); }));
}

TEST_F(NanoDepProxyBodies, AClientThatLeavesWhileAppleIsSilentEndsTheCall) {
  answer_without_end(true);
  {
    RawConnection client(muster().port());
    client.send(get_request("/proxy/acme/roster"));
    size_t received = 0;
    while (received < (64 << 10)) {  // of the only piece
      const auto some = client.read_some();
      ASSERT_NE(some, "");
      received += some.size();
    }
    EXPECT_TRUE(apple_is_still_asked());
  }
  EXPECT_TRUE(comes_true([&] { return !apple_is_still_asked(); }));
}

TEST_F(NanoDepProxyBodies, ARequestInPiecesArrivesWithTheSameBytes) {
  apple_.on("POST /roster/class", [](const http::Request&) { return ScriptedApple::json("{ }"); });
  const std::string body = "{ \"x\" :\t\"" + std::string(3'000'001, 'x') + "\" }\r\n";
  write("body.json", body);
  EXPECT_EQ(post_file("body.json"), "{ }");
  const auto requests = apple_.requests();
  const auto sent = *std::ranges::find(requests, "/roster/class", &http::Request::path);
  EXPECT_TRUE(sent.body == body) << sent.body.size();
  EXPECT_EQ(sent.headers.get("Content-Length"), std::to_string(body.size()));
  EXPECT_FALSE(sent.headers.has("Transfer-Encoding"));
}

TEST_F(NanoDepProxyBodies, ARequestInPiecesHasALimit) {
  apple_.on("POST /roster/class", [](const http::Request&) { return ScriptedApple::json("{}"); });
  constexpr size_t kLimit = 8 << 20;
  write("most.json", "\"" + std::string(kLimit - 2, 'x') + "\"");
  write("more.json", "\"" + std::string(kLimit - 1, 'x') + "\"");
  EXPECT_EQ(post_file("most.json"), "{}");
  const auto refused = post_file("more.json", "-w ' %{http_code}'");
  EXPECT_THAT(refused, HasSubstr("8388608 bytes"));
  EXPECT_THAT(refused, EndsWith(" 413"));
  EXPECT_EQ(apple_.count("POST /roster/class"), 1U) << "Apple hears nothing of it";
}

}  // namespace
}  // namespace muster::test
