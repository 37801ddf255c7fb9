// A server in a crowd: who gets in, whose body is read, what a request may look like, and answers longer than
// memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <latch>
#include <set>
#include <thread>

#include "base/os/files.h"
#include "base/threads/wanted.h"
#include "http/client/client.h"
#include "http/server/server.h"
#include "tests/support/certificate.h"
#include "tests/support/eventually.h"
#include "tests/support/loopback_server.h"
#include "tests/support/process.h"
#include "tests/support/raw_connection.h"
#include "tests/support/temp_dir.h"

namespace muster::http {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::kGetRequest;
using test::RawConnection;
using test::start_on_loopback;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Response plain(std::string body) { return {.body = std::move(body)}; }

TEST(Crowd, TheOneThatHasSaidNothingLongestMakesRoom) {
  ServerOptions options;
  options.connections = {.all = 2, .of_address = 2};
  options.counts = std::make_shared<ServerCounts>();
  const auto server = start_on_loopback([](const Request&) { return plain("fine"); }, options);
  RawConnection first(server->port());
  first.send(kGetRequest);
  ASSERT_THAT(first.read_until("fine"), HasSubstr("fine"));
  RawConnection second(server->port());
  second.send(kGetRequest);
  ASSERT_THAT(second.read_until("fine"), HasSubstr("fine"));
  RawConnection third(server->port());
  third.send(kGetRequest);
  EXPECT_THAT(third.read_until("fine"), HasSubstr("fine"));
  EXPECT_EQ(first.read_all(), "") << "it is closed";
  second.send(kGetRequest);
  EXPECT_THAT(second.read_until("fine"), HasSubstr("fine")) << "and no other";
  EXPECT_EQ(options.counts->closed_for_others, 1);
  EXPECT_EQ(options.counts->refused_connections, 0);
}

TEST(Crowd, HalfAHeadKeepsNobodyOut) {
  ServerOptions options;
  options.connections = {.all = 20, .of_address = 10};
  const auto server = start_on_loopback([](const Request&) { return plain("fine"); }, options);
  std::vector<std::unique_ptr<RawConnection>> crowd;
  for (int i = 0; i < 40; ++i) {
    crowd.push_back(std::make_unique<RawConnection>(server->port()));
    crowd.back()->send(i % 2 ? "GET / HTT" : "");
  }
  for (int i = 0; i < 10; ++i) {
    RawConnection normal(server->port());
    normal.send(kGetRequest);
    EXPECT_THAT(normal.read_until("fine"), HasSubstr("fine"));
  }
}

TEST(Crowd, WhoIsAtWorkStays) {
  ServerOptions options;
  options.connections = {.all = 2, .of_address = 2};
  options.counts = std::make_shared<ServerCounts>();
  std::latch inside(2), go(1);
  const auto server = start_on_loopback(
      [&](const Request&) {
        inside.count_down();
        go.wait();
        return plain("fine");
      },
      options);
  RawConnection first(server->port()), second(server->port());
  first.send(kGetRequest);
  second.send(kGetRequest);
  inside.wait();
  RawConnection third(server->port());
  EXPECT_EQ(third.read_all(), "");
  EXPECT_EQ(options.counts->refused_connections, 1);
  go.count_down();
  EXPECT_THAT(first.read_until("fine"), HasSubstr("fine"));
  EXPECT_THAT(second.read_until("fine"), HasSubstr("fine"));
}

TEST(Heads, ThatLeaveOpenWhereTheBodyEndsAreRefused) {
  std::atomic<int> handled{0};
  const auto server = start_on_loopback([&](const Request&) { return ++handled, plain("unexpected"); });
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto request = [&](const std::string& version, const std::string& fields) {
    return "POST / HTTP/" + version + "\r\nHost: x\r\n" + fields + "\r\n" + smuggled;
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {request("1.1", "Transfer-Encoding: xchunked\r\n"), "501"},
      {request("1.1", "Transfer-Encoding: gzip\r\n"), "501"},
      {request("1.1", "Transfer-Encoding: identity\r\n"), "501"},
      {request("1.1", "Transfer-Encoding: chunked, identity\r\n"), "501"},
      {request("1.1", "Transfer-Encoding: gzip, chunked\r\n"), "501"},
      {request("1.1", "Transfer-Encoding:\r\n"), "501"},
      {request("1.0", "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n"), "400"},
      {request("1.1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "4|501"},
      {request("1.1", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), "400"},
      {request("1.1", "Content-Length: 5\r\nContent-Length: 6\r\n"), "400"},
      {"GET / HTTP/1.1\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
  };
  for (const auto& [bytes, status] : cases) {
    RawConnection connection(server->port());
    ASSERT_TRUE(connection.send(bytes));
    connection.end_sending();
    const std::string answer = connection.read_all();
    EXPECT_THAT(answer, testing::ContainsRegex("^HTTP/1.1 (" + status + ")")) << bytes;
    EXPECT_THAT(answer.substr(1), Not(HasSubstr("HTTP/1.1 "))) << "one answer, and the end";
  }
  EXPECT_EQ(handled, 0);
  RawConnection old(server->port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.read_all(), StartsWith("HTTP/1.0 200 ")) << "HTTP/1.0 needs no Host";
}

TEST(Bodies, AreReadForThoseWhoAreAdmitted) {
  ServerOptions options;
  options.admit = [](const Request& head) -> std::optional<Response> {
    if (head.headers.has("Authorization")) return std::nullopt;
    return Response{.status = 401, .headers = {}, .body = "no\n"};
  };
  const auto server = start_on_loopback([](const Request& r) { return plain("got " + r.body); }, options);
  RawConnection stranger(server->port());
  stranger.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(stranger.read_until("no\n"), StartsWith("HTTP/1.1 401 ")) << "before a byte of the body";
  RawConnection friendly(server->port());
  friendly.send(
      "PUT / HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(friendly.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 100 "));
  friendly.send("body");
  EXPECT_THAT(friendly.read_until("got body"), StartsWith("HTTP/1.1 200 "));
}

TEST(Bodies, OfAllTogetherAreBounded) {
  ServerOptions options;
  options.bodies_limit = 1000;
  options.counts = std::make_shared<ServerCounts>();
  const auto server = start_on_loopback(
      [](const Request& r) { return plain("got " + std::to_string(r.body.size())); }, options);
  RawConnection first(server->port());
  first.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_THAT(first.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 100 "));
  RawConnection second(server->port());
  second.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\n\r\n");
  EXPECT_THAT(second.read_until("uploaded"), StartsWith("HTTP/1.1 503 "));
  EXPECT_EQ(options.counts->refused_requests, 1);
  first.send(std::string(900, 'x'));
  EXPECT_THAT(first.read_until("got 900"), HasSubstr("got 900"));
  RawConnection third(server->port());
  third.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\n\r\n" + std::string(200, 'x'));
  EXPECT_THAT(third.read_until("got 200"), HasSubstr("got 200")) << "the room is free again";
}

// Numbers, one a piece.
class Numbers : public BodyStream {
 public:
  Numbers(int count, std::atomic<int>& made, int broken_at = -1)
      : count_(count), made_(made), broken_at_(broken_at) {}
  Result<std::optional<std::string>> next() override {
    if (next_ == broken_at_) return failure(Code::internal, "broken");
    if (next_ == count_) return std::nullopt;
    ++made_;
    return std::to_string(next_++) + " " + std::string(padding_, ' ');
  }
  size_t padding_ = 0;

 private:
  const int count_;
  std::atomic<int>& made_;
  const int broken_at_;
  int next_ = 0;
};

TEST(Answers, MayTakeLongForAClientThatTakesSomethingNowAndThen) {
  const size_t size = 32 << 20;
  // By the client's kernel. With many megabytes, what the client takes shows seconds later at the server.
  const int kept = 1 << 20;
  ServerOptions options;
  options.write_timeout = 5s;
  const auto server =
      start_on_loopback([&](const Request&) { return plain(std::string(size, 'x')); }, options);
  RawConnection slow(server->port(), kept);
  slow.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  size_t taken = 0;
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < options.write_timeout + 1s) {
    taken += slow.read_some().size();
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_LT(taken, size) << "it would have been too fast to tell";
  EXPECT_GT(taken + slow.read_all().size(), size) << "the head comes with it";
}

TEST(Streams, ArriveWholeAndKeepTheConnection) {
  std::atomic<int> made{0};
  const auto server = start_on_loopback([&](const Request&) {
    Response response;
    response.stream = std::make_shared<Numbers>(3, made);
    return response;
  });
  Client client;
  for (int i = 0; i < 2; ++i) {
    const auto response = client.send({.url = "http://127.0.0.1:" + std::to_string(server->port())});
    ASSERT_TRUE(response) << response.error().text();
    EXPECT_EQ(response->body, "0 1 2 ");
  }
  RawConnection old(server->port());
  old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(old.read_all(), testing::EndsWith("\r\n\r\n0 1 2 ")) << "its end is the connection's";
  made = 0;
  RawConnection head(server->port());
  head.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(head.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(made, 0);
}

TEST(Streams, ThatBreakOffAreSeenToBeIncomplete) {
  std::atomic<int> made{0};
  const auto server = start_on_loopback([&](const Request&) {
    Response response;
    response.stream = std::make_shared<Numbers>(3, made, 2);
    return response;
  });
  Client client;
  EXPECT_FALSE(client.send({.url = "http://127.0.0.1:" + std::to_string(server->port())}));
  RawConnection old(server->port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  old.read_all();
  EXPECT_TRUE(old.was_reset()) << "the end of the connection would be that of the answer";
}

TEST(Streams, AreNotMadeForThoseWhoHungUp) {
  std::atomic<int> made{0};
  const int many = 100'000;
  const auto server = start_on_loopback([&](const Request&) {
    Response response;
    const auto numbers = std::make_shared<Numbers>(many, made);
    numbers->padding_ = 100'000;
    response.stream = numbers;
    return response;
  });
  {
    RawConnection connection(server->port());
    connection.send(kGetRequest);
    connection.read_until("0 ");
  }
  int before = -1;
  EXPECT_TRUE(eventually([&] { return std::exchange(before, made.load()) == made.load(); }));
  EXPECT_LT(made, many);
}

TEST(Work, ForAClientThatHungUpIsNotWanted) {
  std::atomic<bool> ended{false};
  ServerOptions options;
  options.counts = std::make_shared<ServerCounts>();
  const auto server = start_on_loopback(
      [&](const Request&) {
        while (Wanted::still()) std::this_thread::sleep_for(1ms);
        EXPECT_TRUE(Wanted::still(true)) << "what is being written is written to its end";
        ended = true;
        return plain("nobody reads it");
      },
      options);
  {
    RawConnection connection(server->port());
    connection.send(kGetRequest);
    connection.end_sending();
  }
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
  EXPECT_EQ(options.counts->abandoned_requests, 1);
}

TEST(Work, EndsWithTheServer) {
  std::latch inside(1);
  const auto server = start_on_loopback([&](const Request&) {
    inside.count_down();
    while (Wanted::still(true)) std::this_thread::sleep_for(1ms);
    return plain("late");
  });
  RawConnection connection(server->port());
  connection.send(kGetRequest);
  inside.wait();
  server->stop(10ms);  // which waits for the handler
}

// The certificate that a new connection gets, as PEM.
std::string shown_by(const Server& server) {
  const auto done = test::run_program(
      {"openssl", "s_client", "-connect", "127.0.0.1:" + std::to_string(server.port())}, {}, {}, 30s);
  const auto begin = done.out.find("-----BEGIN");
  const auto end = done.out.find("-----END CERTIFICATE-----");
  return begin == std::string::npos ? done.err : done.out.substr(begin, end - begin);
}

// Every version and every cipher that OpenSSL can still speak, with a certificate of each kind.
class TlsOffer : public testing::TestWithParam<bool> {
 protected:
  TlsOffer() {
    ServerOptions options;
    const auto files = test::make_certificate(directory_.path(), {.is_rsa = GetParam()});
    options.tls = TlsFiles{files.certificate, files.key};
    server_ = start_on_loopback([](const Request&) { return plain("fine"); }, options);
  }
  test::ProgramResult connect(const std::vector<std::string>& more) const {
    std::vector<std::string> command{"openssl", "s_client", "-connect",
                                     "127.0.0.1:" + std::to_string(server_->port())};
    command.insert(command.end(), more.begin(), more.end());
    return test::run_program(command, {}, {}, 30s);
  }
  // The cipher that the server takes of those in the list; "" when there is none.
  std::string taken_of(const std::string& ciphers) const {
    const auto done = connect({"-tls1_2", "-cipher", ciphers + "@SECLEVEL=0"});
    const std::string what = "Cipher is ";
    const size_t begin = done.out.find(what) + what.size();
    return done.exit == 0 ? done.out.substr(begin, done.out.find('\n', begin) - begin) : "";
  }

  const test::TempDir directory_;
  std::unique_ptr<Server> server_;
};

INSTANTIATE_TEST_SUITE_P(WithCertificate, TlsOffer, testing::Bool(),
                         [](const auto& is_rsa) { return is_rsa.param ? "Rsa" : "Ecdsa"; });

TEST_P(TlsOffer, HasForwardSecrecyOnly) {
  std::string others = "ALL:COMPLEMENTOFALL";
  std::set<std::string> taken;
  for (std::string cipher; !(cipher = taken_of(others)).empty(); others += ":!" + cipher)
    ASSERT_TRUE(taken.insert(cipher).second) << cipher;
  const std::string kind = GetParam() ? "ECDHE-RSA-" : "ECDHE-ECDSA-";
  EXPECT_THAT(taken, testing::ElementsAre(kind + "AES128-GCM-SHA256", kind + "AES256-GCM-SHA384",
                                          kind + "CHACHA20-POLY1305"));
}

TEST_P(TlsOffer, HasNoOldVersion) {
  const std::vector<std::string> all_ciphers{"-cipher", "ALL:COMPLEMENTOFALL@SECLEVEL=0"};
  for (const auto& [version, is_offered] :
       {std::pair("-tls1", false), {"-tls1_1", false}, {"-tls1_2", true}, {"-tls1_3", true}}) {
    auto flags = all_ciphers;
    flags.emplace_back(version);
    EXPECT_EQ(connect(flags).exit == 0, is_offered) << version;
  }
}

TEST_P(TlsOffer, DoesNotNegotiateAgain) {
  const auto done = test::run_program(
      {"openssl", "s_client", "-tls1_2", "-connect", "127.0.0.1:" + std::to_string(server_->port())}, "R\n",
      {}, 30s);
  EXPECT_THAT(done.out + done.err, AllOf(HasSubstr("RENEGOTIATING"), HasSubstr("no renegotiation"),
                                         HasSubstr("Compression: NONE")));
}

TEST(Tls, AHandshakeThatDoesNotGoOnKeepsNobodyOut) {
  const test::TempDir directory;
  const auto files = test::make_certificate(directory.path());
  ServerOptions options;
  options.tls = TlsFiles{files.certificate, files.key};
  options.connections = {.all = 4, .of_address = 4};
  const auto server = start_on_loopback([](const Request&) { return plain("fine"); }, options);
  std::vector<std::unique_ptr<RawConnection>> stalled;
  for (int i = 0; i < 12; ++i) {
    stalled.push_back(std::make_unique<RawConnection>(server->port()));
    stalled.back()->send("\x16\x03\x01");
  }
  Client client;
  EXPECT_TRUE(
      client.send({.url = "https://127.0.0.1:" + std::to_string(server->port()), .skip_verify = true}));
}

TEST(Tls, ACertificateIsTakenAnewForNewConnections) {
  const test::TempDir directory, first_directory, second_directory;
  const auto first = test::make_certificate(first_directory.path());
  const auto second = test::make_certificate(second_directory.path());
  const TlsFiles files{directory.file("cert.pem"), directory.file("key.pem")};
  const auto install = [&](const test::CertificateFiles& from) {
    constexpr auto kReplace = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(from.certificate, files.certificate, kReplace);
    std::filesystem::copy_file(from.key, files.key, kReplace);
  };
  const auto is_shown = [](const Server& server, const test::CertificateFiles& wanted) {
    return read_file(wanted.certificate).value().starts_with(shown_by(server));
  };
  install(first);
  ServerOptions options;
  options.tls = files;
  const auto server = start_on_loopback([](const Request&) { return plain("fine"); }, options);
  EXPECT_TRUE(is_shown(*server, first));
  Client client;
  const auto call = [&] {
    return client.send({.url = "https://127.0.0.1:" + std::to_string(server->port()), .skip_verify = true})
        .has_value();
  };
  EXPECT_TRUE(call());
  install(second);
  ASSERT_TRUE(server->reload_tls());
  EXPECT_TRUE(is_shown(*server, second));
  EXPECT_TRUE(call()) << "a connection that is open stays";
  std::filesystem::remove(files.key);
  EXPECT_EQ(server->reload_tls().error().code, Code::invalid);
  EXPECT_TRUE(is_shown(*server, second)) << "what cannot be used changes nothing";
}

}  // namespace
}  // namespace muster::http
