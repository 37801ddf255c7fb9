// Server and client together over loopback: what goes right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <future>

#include "http/client/client.h"
#include "http/server/server.h"
#include "tests/support/certificate.h"
#include "tests/support/loopback_server.h"
#include "tests/support/raw_connection.h"
#include "tests/support/temp_dir.h"

namespace muster::http {
namespace {

using namespace std::chrono_literals;
using test::RawConnection;
using test::start_on_loopback;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// Says back what it was asked, so that a test sees both sides.
Response echo(const Request& request) {
  Response response;
  response.headers.add("X-Method", request.method);
  response.headers.add("X-Path", request.path);
  response.headers.add("X-Question", request.query.get("q").value_or("none"));
  response.headers.add("X-Content-Type", request.headers.get("content-type").value_or("none"));
  response.headers.add("X-Framing", request.headers.has("Content-Length")      ? "length"
                                    : request.headers.has("Transfer-Encoding") ? "chunked"
                                                                               : "none");
  response.body = request.body;
  return response;
}

std::string url(const Server& server, const std::string& target, const std::string& scheme = "http") {
  return scheme + "://127.0.0.1:" + std::to_string(server.port()) + target;
}

ClientRequest request(const std::string& method, const std::string& url,
                      std::optional<std::string> body = {}) {
  ClientRequest request;
  request.method = method;
  request.url = url;
  request.has_body = body.has_value();
  request.body = body.value_or("");
  return request;
}

TEST(Exchange, CarriesMethodPathQueryHeadersAndBody) {
  const auto server = start_on_loopback(echo);
  Client client;
  auto asked = request("PUT", url(*server, "/a%20b?q=x%26y+z"), "hello");
  asked.headers.add("Content-Type", "text/odd");
  const auto answer = client.send(asked);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->headers.get("x-method"), "PUT");
  EXPECT_EQ(answer->headers.get("X-Path"), "/a b");
  EXPECT_EQ(answer->headers.get("X-Question"), "x&y z");
  EXPECT_EQ(answer->headers.get("X-Content-Type"), "text/odd");
  EXPECT_EQ(answer->headers.get("X-Framing"), "length");
  EXPECT_EQ(answer->body, "hello");
}

TEST(Exchange, SendsNothingThatIsWithheldOnceItIsConnected) {
  std::atomic<int> handled = 0, asked = 0;
  const auto server = start_on_loopback([&](const Request& request) {
    ++handled;
    return echo(request);
  });
  Client client;
  auto wanted = request("PUT", url(*server, "/a"), "hello");
  wanted.may_send = [&] { return ++asked < 3; };
  EXPECT_TRUE(client.send(wanted)) << "on a new connection";
  EXPECT_TRUE(client.send(wanted)) << "on a kept one";
  const auto withheld = client.send(wanted);
  ASSERT_FALSE(withheld);
  EXPECT_EQ(withheld.error().code, Code::cancelled);
  EXPECT_THAT(withheld.error().message, HasSubstr("nothing was sent"));
  wanted.url = "http://127.0.0.1:1/";
  EXPECT_EQ(client.send(wanted).error().code, Code::unreachable) << "not asked without a connection";
  EXPECT_EQ(asked, 3);
  EXPECT_TRUE(client.send(request("GET", url(*server, "/b"))));
  EXPECT_EQ(handled, 3);
}

TEST(Exchange, TakesAChunkedDeleteBody) {
  const auto server = start_on_loopback(echo);
  Client client;
  auto asked = request("DELETE", url(*server, "/v1/x"), "{\"filter\":\"*\"}\n");
  asked.chunked = true;
  const auto answer = client.send(asked);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->headers.get("X-Method"), "DELETE");
  EXPECT_EQ(answer->headers.get("X-Framing"), "chunked");
  EXPECT_EQ(answer->body, "{\"filter\":\"*\"}\n");
}

TEST(Exchange, SendsAnEmptyBodyWithALength) {
  const auto server = start_on_loopback(echo);
  Client client;
  EXPECT_EQ(client.send(request("POST", url(*server, "/"), ""))->headers.get("X-Framing"), "length");
  EXPECT_EQ(client.send(request("GET", url(*server, "/")))->headers.get("X-Framing"), "none");
}

TEST(Exchange, HeadGivesTheLengthWithoutTheBody) {
  const auto server = start_on_loopback([](const Request&) {
    Response response;
    response.body = "12345";
    return response;
  });
  Client client;
  for (int i = 0; i < 2; ++i) {  // twice: the connection is still in step
    const auto answer = client.send(request("HEAD", url(*server, "/")));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->headers.get("Content-Length"), "5");
    EXPECT_EQ(answer->body, "");
  }
}

TEST(Exchange, KeepsConnections) {
  const auto server = start_on_loopback(echo);
  RawConnection connection(server->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"));
    EXPECT_THAT(connection.read_until("\r\n\r\nab"), StartsWith("HTTP/1.1 200"));
  }
  ASSERT_TRUE(connection.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(connection.read_all(), HasSubstr("Connection: close"));
}

TEST(Exchange, AnswersRequestsSentInOneGo) {
  const auto server = start_on_loopback(echo);
  RawConnection connection(server->port());
  ASSERT_TRUE(
      connection.send("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na"
                      "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nb"));
  const std::string all = connection.read_all();
  EXPECT_LT(all.find("X-Path: /1"), all.find("X-Path: /2"));
  EXPECT_THAT(all, HasSubstr("X-Path: /2"));
}

TEST(Exchange, SaysContinueToWhoWaitsForIt) {
  const auto server = start_on_loopback(echo);
  RawConnection connection(server->port());
  ASSERT_TRUE(
      connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-Continue\r\n\r\n"));
  EXPECT_THAT(connection.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 100 "));
  ASSERT_TRUE(connection.send("body"));
  EXPECT_THAT(connection.read_until("\r\n\r\nbody"), StartsWith("HTTP/1.1 200 "));
}

TEST(Exchange, SendsAgainOverAConnectionThatWasClosedMeanwhile) {
  Client client;
  ServerOptions options;
  options.idle_timeout = 1s;
  auto server = start_on_loopback(echo, options);
  auto asked = request("POST", url(*server, "/"), std::string(100'000, 'x'));
  asked.chunked = true;
  ASSERT_TRUE(client.send(asked));

  // The same port, another server: the kept connection is dead without the client having heard of it.
  const Address address{"127.0.0.1", server->port()};
  server->stop(0ms);
  options.address = address;
  auto again = Server::start(options, echo);
  ASSERT_TRUE(again) << again.error().text();
  const auto answer = client.send(asked);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->body.size(), 100'000u);
}

TEST(Exchange, SendsTheWholeBodyAgainWhenAKeptConnectionIsLost) {
  std::atomic<int> calls = 0;
  const auto server = start_on_loopback([&](const Request& asked) {
    Response response = echo(asked);
    if (++calls == 2) response.delivery = Response::Delivery::reset;
    return response;
  });
  Client client;
  for (const bool chunked : {false, true}) {
    calls = 0;
    auto asked = request("POST", url(*server, "/"), std::string(100'000, 'x'));
    asked.chunked = chunked;
    ASSERT_TRUE(client.send(asked));
    const auto answer = client.send(asked);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->body, asked.body);
    EXPECT_EQ(calls, 3);
  }
}

TEST(Exchange, ManyAtOnce) {
  const auto server = start_on_loopback(echo);
  Client client;
  std::vector<std::future<bool>> all;
  for (int i = 0; i < 16; ++i)
    all.push_back(std::async(std::launch::async, [&, i] {
      const std::string body(static_cast<size_t>(1000 * i), static_cast<char>('a' + i));
      for (int round = 0; round < 20; ++round) {
        const auto answer = client.send(request("POST", url(*server, "/"), body));
        if (!answer || answer->body != body) return false;
      }
      return true;
    }));
  for (auto& one : all) EXPECT_TRUE(one.get());
}

TEST(Exchange, FollowsRedirectsOnlyWhenAsked) {
  const auto server = start_on_loopback([](const Request& asked) {
    if (asked.path == "/new") return echo(asked);
    Response response;
    response.status = 307;
    response.headers.add("Location", "/new");
    return response;
  });
  Client client;
  auto asked = request("PUT", url(*server, "/old"), "body");
  EXPECT_EQ(client.send(asked)->status, 307);
  asked.follow_redirects = true;
  const auto answer = client.send(asked);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->headers.get("X-Method"), "PUT");
  EXPECT_EQ(answer->body, "body");
  EXPECT_FALSE(answer->headers.has("Location")) << "a header of the redirect itself";
}

class Https : public testing::Test {
 protected:
  Https() : files(test::make_certificate(directory.path())) {
    ServerOptions options;
    options.tls = {files.certificate, files.key};
    server = start_on_loopback(echo, options);
  }
  ~Https() override { ::unsetenv("SSL_CERT_FILE"); }

  test::TempDir directory;
  test::CertificateFiles files;
  std::unique_ptr<Server> server;
  Client client;
};

TEST_F(Https, RejectsACertificateThatNobodyVouchesFor) {
  const auto answer = client.send(request("GET", url(*server, "/", "https")));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unreachable);
  EXPECT_THAT(answer.error().text(), HasSubstr("SSL_CERT_FILE"));
}

// Asks a server with such a certificate, which is trusted for what it says.
std::string trouble_with(const test::CertificateWish& wish) {
  const test::TempDir directory;
  const auto files = test::make_certificate(directory.path(), wish);
  ServerOptions options;
  options.tls = {files.certificate, files.key};
  const auto server = start_on_loopback(echo, options);
  ::setenv("SSL_CERT_FILE", files.certificate.c_str(), 1);
  Client client;
  const auto answer = client.send(request("GET", url(*server, "/", "https")));
  return answer ? "none" : answer.error().text();
}

TEST_F(Https, SaysWhyACertificateIsRefused) {
  const auto unknown = client.send(request("GET", url(*server, "/", "https"))).error().text();
  EXPECT_THAT(unknown,
              AllOf(HasSubstr("for localhost, 127.0.0.1, is signed by \"localhost\" and not trusted here"),
                    HasSubstr("SSL_CERT_FILE")));
  EXPECT_EQ(trouble_with({}), "none");
  EXPECT_THAT(trouble_with({.names = "DNS:mdm.example.org,DNS:*.example.com"}),
              AllOf(HasSubstr("for mdm.example.org, *.example.com, is for other names than 127.0.0.1"),
                    HasSubstr("Use a name that the certificate is for")));
  EXPECT_THAT(trouble_with({.valid_for = -3600}),
              AllOf(HasSubstr("expired on 20"), HasSubstr("Renew the certificate")));
}

TEST_F(Https, TrustsTheFileNamedByTheEnvironment) {
  ::setenv("SSL_CERT_FILE", files.certificate.c_str(), 1);
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.send(request("POST", url(*server, "/", "https"), "secret"));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->body, "secret");
  }
}

TEST_F(Https, SkipsTheCheckOnRequest) {
  auto asked = request("GET", url(*server, "/", "https"));
  asked.skip_verify = true;
  EXPECT_TRUE(client.send(asked));
}

TEST_F(Https, CarriesBodiesOfManyRecords) {
  const std::string body(5'000'000, 'x');
  for (const bool chunked : {false, true}) {
    auto asked = request("POST", url(*server, "/", "https"), body);
    asked.skip_verify = true;
    asked.chunked = chunked;
    const auto answer = client.send(asked);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->body, body);
  }
}

TEST_F(Https, StopsQuicklyWithAClientThatKeepsItsConnection) {
  auto asked = request("GET", url(*server, "/", "https"));
  asked.skip_verify = true;
  ASSERT_TRUE(client.send(asked));
  const auto begin = std::chrono::steady_clock::now();
  server->stop(20s);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST_F(Https, NeedsFilesThatCanBeUsed) {
  ServerOptions options;
  options.address = {"127.0.0.1", 0};
  options.tls = {directory.file("none.pem"), files.key};
  auto failed = Server::start(options, echo);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::invalid);
  EXPECT_THAT(failed.error().message, HasSubstr("none.pem"));

  options.tls = {files.certificate, files.certificate};
  failed = Server::start(options, echo);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("TLS key"));
}

TEST(Listening, AnAddressInUseIsAConflict) {
  const auto server = start_on_loopback(echo);
  ServerOptions options;
  options.address = {"127.0.0.1", server->port()};
  const auto second = Server::start(options, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_THAT(second.error().text(), HasSubstr("Another program uses this port"));
}

TEST(Listening, WantsAnIpAddress) {
  ServerOptions options;
  options.address = {"not-an-address", 0};
  const auto server = Server::start(options, echo);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Code::invalid);
}

TEST(Listening, OnEveryInterface) {
  ServerOptions options;
  auto server = Server::start(options, echo);
  ASSERT_TRUE(server) << server.error().text();
  Client client;
  EXPECT_TRUE(client.send(request("GET", url(**server, "/"))));
}

}  // namespace
}  // namespace muster::http
