// Server and client together over loopback: what goes wrong, on either side.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "base/threads/contain.h"
#include "http/client/client.h"
#include "http/server/server.h"
#include "tests/support/loopback_server.h"
#include "tests/support/raw_connection.h"

namespace muster::http {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using test::RawConnection;
using test::start_on_loopback;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A server that says to its first client what a test tells it, byte by byte, and then nothing more: the
// connection stays open.
class RawAnswer {
 public:
  explicit RawAnswer(std::string bytes)
      : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()),
        thread_([this, bytes = std::move(bytes)] { answer(bytes); }) {}
  ~RawAnswer() { thread_.join(); }
  RawAnswer(const RawAnswer&) = delete;
  RawAnswer& operator=(const RawAnswer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  void answer(const std::string& bytes) {
    boost::system::error_code error;
    acceptor_.accept(client_, error);
    std::string request;
    if (!error) boost::asio::read_until(client_, boost::asio::dynamic_buffer(request), "\r\n\r\n", error);
    if (!error) boost::asio::write(client_, boost::asio::buffer(bytes), error);
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::socket client_{io_};
  const unsigned short port_;
  std::thread thread_;
};

Response plain(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

ClientRequest get(const Server& server, const std::string& target = "/") {
  ClientRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(server.port()) + target;
  return request;
}

// A gate that a handler waits at until the test opens it.
class Gate {
 public:
  void arrive_and_wait() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void await_arrivals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

ServerOptions small_bodies() {
  ServerOptions options;
  options.body_limit = 1000;
  return options;
}

TEST(BodyLimit, IsForTheHandlerToSeeNothingOf) {
  std::atomic<int> calls = 0;
  const auto server =
      start_on_loopback([&](const Request& request) { return ++calls, plain(request.body); }, small_bodies());
  Client client;
  auto request = get(*server);
  request.method = "PUT";
  request.has_body = true;
  request.body = std::string(1000, 'x');
  EXPECT_EQ(client.send(request)->status, 200);
  for (const bool chunked : {false, true}) {
    request.chunked = chunked;
    request.body = std::string(1001, 'x');
    EXPECT_EQ(client.send(request)->status, 413) << (chunked ? "chunked" : "with a length");
    request.body = std::string(20 << 20, 'x');
    const auto answer = client.send(request);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 413) << (chunked ? "chunked" : "with a length");
    EXPECT_THAT(answer->body, HasSubstr("1000 bytes"));
  }
  EXPECT_EQ(calls, 1);
}

TEST(BodyLimit, IsSeenByAClientThatSendsAllBeforeItReads) {
  const auto server = start_on_loopback([](const Request&) { return plain("unexpected"); }, small_bodies());
  const std::string body(4 << 20, 'x');
  RawConnection with_length(server->port());
  EXPECT_TRUE(with_length.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
                               "\r\n\r\n"));
  EXPECT_TRUE(with_length.send(body));
  with_length.end_sending();
  EXPECT_THAT(with_length.read_all(), StartsWith("HTTP/1.1 413 "));

  RawConnection chunked(server->port());
  EXPECT_TRUE(chunked.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n400000\r\n"));
  EXPECT_TRUE(chunked.send(body));
  chunked.end_sending();
  EXPECT_THAT(chunked.read_all(), StartsWith("HTTP/1.1 413 "));
}

TEST(BadRequests, AreRejectedWithAReason) {
  const auto server = start_on_loopback([](const Request&) { return plain("unexpected"); });
  const std::string long_header =
      "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20 << 10, 'x') + "\r\n\r\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"garbage\r\n\r\n", "400"},
      {"\x16\x03\x01\x02\x01\x01\x01\x01\x01\x01\x01\x01\r\n\r\n", "400"},  // TLS on a plain port
      {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n", "400"},
      {"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
      {"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf", "400"},
      {"GET ftp://elsewhere/ HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
      {"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
      {long_header, "431"},
  };
  for (const auto& [bytes, status] : cases) {
    RawConnection connection(server->port());
    ASSERT_TRUE(connection.send(bytes));
    connection.end_sending();
    EXPECT_THAT(connection.read_all(), StartsWith("HTTP/1.1 " + status + " ")) << bytes.substr(0, 60);
  }
}

TEST(BadRequests, AreAnsweredInTheWordsOfTheOwner) {
  auto options = small_bodies();
  options.refuse = [](int status, const std::string& reason) {
    Response response = plain("{\"error\":\"" + reason + "\"}");
    response.status = status;
    response.headers.add("Content-Type", "application/json");
    return response;
  };
  const auto server =
      start_on_loopback([](const Request&) -> Response { throw std::runtime_error("secret"); }, options);
  RawConnection connection(server->port());
  connection.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n");
  EXPECT_THAT(connection.read_all(), HasSubstr("{\"error\":\"the body is over the limit of 1000 bytes\"}"));

  Client client;
  const auto answer = client.send(get(*server));
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->body, "{\"error\":\"internal error\"}")
      << "what was thrown is for the log, not for the client";
}

TEST(Handlers, ThatThrowEndNothingElse) {
  const long long before = internal_errors(Place::handler);
  const auto server = start_on_loopback([](const Request& request) -> Response {
    if (request.path == "/throw") throw std::runtime_error("odd");
    if (request.path == "/throw-number") throw 42;
    return plain("fine");
  });
  RawConnection connection(server->port());
  connection.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(connection.read_until("internal error\n"), StartsWith("HTTP/1.1 500 "));
  connection.send("GET /throw-number HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(connection.read_until("internal error\n"), StartsWith("HTTP/1.1 500 "));
  connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(connection.read_until("fine"), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(internal_errors(Place::handler), before + 2);
}

TEST(Handlers, WhoseRefusalThrowsTooEndNothingElse) {
  ServerOptions options;
  options.refuse = [](int, const std::string&) -> Response { throw std::bad_alloc(); };
  const auto server = start_on_loopback(
      [](const Request& request) -> Response {
        if (request.path == "/throw") throw std::bad_alloc();
        return plain("fine");
      },
      options);
  RawConnection unlucky(server->port()), connection(server->port());
  unlucky.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(unlucky.read_all(), "");
  unlucky.send("this is not HTTP\r\n\r\n");
  connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(connection.read_until("fine"), StartsWith("HTTP/1.1 200 "));
}

TEST(Limits, OneRequestTooManyGets503) {
  Gate gate;
  ServerOptions options;
  options.workers = 1;
  options.queue_limit = 1;
  const auto server =
      start_on_loopback([&](const Request&) { return gate.arrive_and_wait(), plain("done"); }, options);
  RawConnection working(server->port()), waiting(server->port());
  working.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  gate.await_arrivals(1);
  // Two more at once: whichever comes second finds the queue full.
  RawConnection other(server->port());
  waiting.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  other.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  auto first = std::async(std::launch::async, [&] {
    auto text = waiting.read_all();
    gate.open();
    return text;
  });
  auto second = std::async(std::launch::async, [&] {
    auto text = other.read_all();
    gate.open();
    return text;
  });
  const std::string answers = first.get() + second.get();
  EXPECT_THAT(answers, HasSubstr("HTTP/1.1 503 "));
  EXPECT_THAT(answers, HasSubstr("HTTP/1.1 200 "));
  EXPECT_THAT(working.read_until("done"), HasSubstr("done"));
}

TEST(Limits, ARequestThatDoesNotArriveIsCut) {
  ServerOptions options;
  options.read_timeout = 1s;
  const auto server = start_on_loopback([](const Request&) { return plain("unexpected"); }, options);
  for (const char* beginning : {"GET / HT", "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"}) {
    RawConnection connection(server->port());
    connection.send(beginning);
    EXPECT_EQ(connection.read_all(), "");
  }
}

TEST(Limits, AnIdleConnectionIsClosed) {
  ServerOptions options;
  options.idle_timeout = 1s;
  const auto server = start_on_loopback([](const Request&) { return plain("unexpected"); }, options);
  RawConnection connection(server->port());
  EXPECT_EQ(connection.read_all(), "");
}

TEST(Stop, LetsAHandlerFinish) {
  Gate gate;
  const auto server =
      start_on_loopback([&](const Request&) { return gate.arrive_and_wait(), plain("whole answer"); });
  RawConnection connection(server->port()), idle(server->port());
  connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  gate.await_arrivals(1);
  auto stopped = std::async(std::launch::async, [&] { server->stop(30s); });
  EXPECT_EQ(idle.read_all(), "");  // closed: the stop has begun, and the handler still runs
  EXPECT_THROW(RawConnection(server->port()), std::runtime_error) << "it must take no more connections";
  gate.open();
  const std::string answer = connection.read_all();
  EXPECT_THAT(answer, HasSubstr("whole answer"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  stopped.get();
}

TEST(Stop, CutsWhatIsNotDoneInTime) {
  Gate gate;
  const auto server =
      start_on_loopback([&](const Request&) { return gate.arrive_and_wait(), plain("late"); });
  RawConnection connection(server->port()), half(server->port());
  connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  half.send("GET / HT");
  gate.await_arrivals(1);
  auto stopped = std::async(std::launch::async, [&] { server->stop(10ms); });
  EXPECT_EQ(stopped.wait_for(50ms), std::future_status::timeout) << "its owner must wake the handler";
  EXPECT_EQ(connection.read_all(), "") << "cut before the handler is done";
  EXPECT_EQ(half.read_all(), "");
  gate.open();
  stopped.get();
}

TEST(Stop, WithoutGraceClosesThePortToo) {
  for (int round = 0; round < 50; ++round) {
    const auto server = start_on_loopback([](const Request&) { return plain("fine"); });
    server->stop(0ms);
    EXPECT_THROW(RawConnection(server->port()), std::runtime_error);
  }
}

TEST(Stop, MayBeCalledTwiceAndByTheDestructor) {
  const auto server = start_on_loopback([](const Request&) { return plain("fine"); });
  server->stop(1s);
  server->stop(1s);
}

TEST(ClientTrouble, NobodyListens) {
  const auto server = start_on_loopback([](const Request&) { return plain("fine"); });
  const auto request = get(*server);
  server->stop(0ms);
  Client client;
  const auto answer = client.send(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unreachable);
  EXPECT_EQ(answer.error().message,
            "no answer from 127.0.0.1:" + std::to_string(server->port()) + ": connection refused");
}

TEST(ClientTrouble, AMessageNeverHoldsThePassword) {
  const auto server = start_on_loopback([](const Request&) { return plain("fine"); });
  auto request = get(*server);
  request.url.insert(request.url.find("//") + 2, "user:secret@");
  server->stop(0ms);
  Client client;
  EXPECT_THAT(client.send(request).error().text(), Not(HasSubstr("secret")));
}

TEST(ClientTrouble, TheFirstByteIsLate) {
  Gate gate;
  const auto server =
      start_on_loopback([&](const Request&) { return gate.arrive_and_wait(), plain("late"); });
  auto request = get(*server);
  request.first_byte_timeout = 50ms;
  Client client;
  const auto answer = client.send(request);
  gate.open();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unreachable);
  EXPECT_THAT(answer.error().message, HasSubstr("within 50 ms"));
}

TEST(ClientTrouble, AStopEndsTheWait) {
  Gate gate;
  const auto server =
      start_on_loopback([&](const Request&) { return gate.arrive_and_wait(), plain("late"); });
  std::stop_source source;
  Client client;
  SteadyClock::time_point requested;
  std::jthread stopper([&] {
    gate.await_arrivals(1);
    requested = SteadyClock::now();
    source.request_stop();
  });
  const auto answer = client.send(get(*server), source.get_token());
  const auto ended = SteadyClock::now();
  stopper.join();
  gate.open();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::cancelled);
  EXPECT_LT(ended - requested, 10s) << "the server would not have answered";

  EXPECT_EQ(client.send(get(*server), source.get_token()).error().code, Code::cancelled)
      << "stopped from the start";
}

TEST(ClientTrouble, AnAnswerOverTheLimit) {
  const auto server = start_on_loopback([](const Request&) { return plain(std::string(1001, 'x')); });
  auto request = get(*server);
  request.body_limit = 1001;
  Client client;
  EXPECT_EQ(client.send(request)->body.size(), 1001u);
  request.body_limit = 1000;
  const auto answer = client.send(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::remote);
  EXPECT_THAT(answer.error().message, HasSubstr("longer than 1000 bytes"));
}

TEST(ClientTrouble, AnAnswerCutShortOrReset) {
  for (const auto delivery : {Response::Delivery::cut, Response::Delivery::reset}) {
    const auto server = start_on_loopback([&](const Request&) {
      Response response = plain("only half of this arrives");
      response.delivery = delivery;
      return response;
    });
    Client client;
    const auto answer = client.send(get(*server));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::unreachable) << answer.error().text();
  }
}

TEST(ClientTrouble, ABodyThatNobodyWantsIsNotReadWhateverItIs) {
  for (const std::string rest : {"Content-Length: 9\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nnonsense",
                                 "Content-Encoding: gzip\r\n\r\nnonsense"}) {
    RawAnswer server("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\nRetry-After: 7\r\n" + rest);
    ClientRequest request;
    request.url = server.url();
    request.headers_only = true;
    Client client;
    const auto answer = client.send(request);
    ASSERT_TRUE(answer) << rest << answer.error().text();
    EXPECT_EQ(answer->status, 503);
    EXPECT_EQ(answer->headers.get("Retry-After"), "7");
    EXPECT_EQ(answer->body, "");
  }
}

// libcurl takes a kept connection that ends without an answer for a stale one, and sends again over a new
// one. That must not happen to what has an effect.
TEST(ClientTrouble, WhatHasAnEffectIsSentOnce) {
  std::atomic<int> calls = 0;
  const auto server = start_on_loopback([&](const Request& request) {
    Response response = plain("answer");
    if (request.path == "/lost") {
      ++calls;
      response.delivery = Response::Delivery::reset;
    }
    return response;
  });
  Client client;
  ASSERT_TRUE(client.send(get(*server)));  // so that there is a kept connection
  auto request = get(*server, "/lost");
  request.method = "PUT";
  request.has_body = true;
  request.send_once = true;
  const auto answer = client.send(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unreachable);
  EXPECT_EQ(calls, 1);
}

TEST(ClientTrouble, WhatIsNoUrl) {
  Client client;
  for (const char* url : {"", "nonsense", "file:///etc/passwd", "ftp://127.0.0.1/x"}) {
    ClientRequest request;
    request.url = url;
    EXPECT_FALSE(client.send(request)) << url;
  }
}

}  // namespace
}  // namespace muster::http
