// Answers that go on as things happen: who waits for more costs no thread, and who takes nothing is not
// waited for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

#include "base/guarded.h"
#include "http/client/client.h"
#include "http/server/server.h"
#include "tests/support/certificate.h"
#include "tests/support/eventually.h"
#include "tests/support/raw_connection.h"
#include "tests/support/temp_dir.h"

namespace muster::http {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::kGetRequest;
using test::RawConnection;
using testing::HasSubstr;

// Says everything to all who listen.
class News {
 public:
  class Body final : public BodyStream {
   public:
    explicit Body(News& news) : news_(news) {
      const std::lock_guard lock(news_.mutex_);
      news_.bodies_.push_back(this);
    }
    ~Body() override {
      const std::lock_guard lock(news_.mutex_);
      news_.bodies_.remove(this);
    }
    Result<std::optional<std::string>> next() override {
      const std::lock_guard lock(news_.mutex_);
      if (news_.is_over_) return std::nullopt;
      std::string piece;
      while (taken_ < news_.said_.size() && piece.size() < (64 << 10)) piece += news_.said_[taken_++];
      return piece;
    }
    void when_more(std::function<void()> wake) override {
      const std::lock_guard lock(news_.mutex_);
      ++news_.waits_;
      wake_ = std::move(wake);
      if (taken_ < news_.said_.size() || news_.is_over_) std::exchange(wake_, nullptr)();
    }

   private:
    friend class News;
    News& news_;
    size_t taken_ = 0;
    std::function<void()> wake_;
  };

  void say(const std::string& text) {
    const std::lock_guard lock(mutex_);
    said_.push_back(text);
    wake_all();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    wake_all();
  }
  size_t listeners() const {
    const std::lock_guard lock(mutex_);
    return bodies_.size();
  }
  size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return static_cast<size_t>(std::count_if(bodies_.begin(), bodies_.end(),
                                             [](const Body* body) { return body->wake_ != nullptr; }));
  }
  int waits() const {
    const std::lock_guard lock(mutex_);
    return waits_;
  }

 private:
  void wake_all() {
    for (Body* body : bodies_)
      if (const auto wake = std::exchange(body->wake_, nullptr)) wake();
  }

  mutable std::mutex mutex_;
  std::deque<std::string> said_;
  std::list<Body*> bodies_;
  int waits_ = 0;
  bool is_over_ = false;
};

class WaitingBody : public testing::Test {
 protected:
  std::unique_ptr<Server> start(ServerOptions options = {}) {
    options.address = {"127.0.0.1", 0};
    options.workers = 2;
    auto server = Server::start(std::move(options), [this](const Request& request) {
      if (request.path == "/other") return Response{.body = "fine"};
      return Response{.stream = std::make_shared<News::Body>(news_)};
    });
    if (!server) throw std::runtime_error(server.error().text());
    return std::move(*server);
  }

  News news_;
};

TEST_F(WaitingBody, ManyWaitWithoutAThreadEach) {
  const auto server = start();  // two threads for handlers, and two for what is streamed
  std::list<RawConnection> clients;
  for (int i = 0; i < 100; ++i) clients.emplace_back(server->port()).send(kGetRequest);
  ASSERT_TRUE(eventually([&] { return news_.waiting() == 100; }));
  RawConnection other(server->port());
  other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(other.read_until("fine"), HasSubstr("fine"));
  for (const auto* text : {"first", "second"}) {
    news_.say(text);
    for (auto& client : clients) ASSERT_THAT(client.read_until(text), HasSubstr(text));
    ASSERT_TRUE(eventually([&] { return news_.waiting() == 100; }));
  }
  EXPECT_EQ(news_.waits(), 300) << "nobody is asked in vain";
  news_.end();
  for (auto& client : clients) EXPECT_THAT(client.read_until("0\r\n\r\n"), HasSubstr("0\r\n\r\n"));
}

TEST_F(WaitingBody, EndsWithItsClient) {
  const auto server = start();
  {
    RawConnection client(server->port());
    client.send(kGetRequest);
    ASSERT_TRUE(eventually([&] { return news_.waiting() == 1; }));
  }
  EXPECT_TRUE(eventually([&] { return news_.listeners() == 0; }));
}

TEST_F(WaitingBody, IgnoresWhatItsClientSends) {
  const auto server = start();
  RawConnection client(server->port());
  client.send(kGetRequest);
  ASSERT_TRUE(eventually([&] { return news_.waiting() == 1; }));
  client.send(std::string(100'000, 'x'));
  news_.say("first");
  EXPECT_THAT(client.read_until("first"), HasSubstr("first"));
  EXPECT_LE(news_.waits(), 2);
}

TEST_F(WaitingBody, EndsAtOnceWhenTheServerStops) {
  const auto server = start();
  std::list<RawConnection> clients;
  for (int i = 0; i < 100; ++i) clients.emplace_back(server->port()).send(kGetRequest);
  ASSERT_TRUE(eventually([&] { return news_.waiting() == 100; }));
  const auto begin = std::chrono::steady_clock::now();
  server->stop(30s);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s) << "it does not wait for them";
  EXPECT_EQ(news_.listeners(), 0);
}

TEST_F(WaitingBody, AReaderThatNeverReadsIsDropped) {
  ServerOptions options;
  options.write_timeout = 1s;
  const auto server = start(options);
  RawConnection deaf(server->port()), reader(server->port());
  deaf.send(kGetRequest);
  reader.send(kGetRequest);
  ASSERT_TRUE(eventually([&] { return news_.waiting() == 2; }));
  const std::string much(32 << 10, 'x');
  for (int i = 0; i < 500; ++i) news_.say(much);  // 16 MB: more than the kernel keeps
  news_.say("the end");
  EXPECT_THAT(reader.read_until("the end"), HasSubstr("the end")) << "others go on";
  EXPECT_TRUE(eventually([&] { return news_.listeners() == 1; }));
}

TEST_F(WaitingBody, MayBeEncrypted) {
  const test::TempDir directory;
  const auto files = test::make_certificate(directory.path());
  ServerOptions options;
  options.tls = TlsFiles{files.certificate, files.key};
  const auto server = start(options);
  Guarded<std::string> received;
  std::thread reader([&] {
    Client client;
    (void)client.send({.url = "https://127.0.0.1:" + std::to_string(server->port()),
                       .skip_verify = true,
                       .sink_for = [&](const Response&) -> BodySink {
                         return [&](std::string_view bytes) {
                           received.with([&](std::string& all) { all += bytes; });
                           return true;
                         };
                       }});
  });
  for (const auto* text : {"first", "second", "third"}) {
    EXPECT_TRUE(eventually([&] { return news_.waiting() == 1; }));
    news_.say(text);
    EXPECT_TRUE(
        eventually([&] { return received.with([&](const auto& all) { return all.ends_with(text); }); }));
  }
  news_.end();
  reader.join();
  EXPECT_EQ(received.with([](const auto& all) { return all; }), "firstsecondthird");
}

}  // namespace
}  // namespace muster::http
