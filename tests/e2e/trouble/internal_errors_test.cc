// An exception in each of the server's threads: one piece of work fails, is logged, counted and retried; no
// thread ends, and nothing is lost.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/e2e/world/under_test_server.h"
#include "tests/e2e/world/world.h"
#include "tests/support/webhook_receiver.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class InternalErrors : public World {
 protected:
  InternalErrors() { expect_internal_errors(); }

  void start() {
    // Pages so small that the list is read ahead.
    start_depsim({"-devices", "30", "-page-default", "3", "-page-limit", "3", "-clock-skew", "1000d"});
    start_muster();
    await_baseline(30);
    uuid_ = define_profile("*");
    stop_muster();
    server_.emplace(
        std::vector<std::string>{"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls=false", "-depsim",
                                 depsim().url(), "-config-path", data(), "-webhook-url", receiver_.url()},
        SystemClock().now());
    server_->await("sync.done");
    run_well("mdmctl config set -name thrown -api-token $APIKEY -server-url " + server_->url());
  }

  // Ten devices arrive; something throws when a thread comes by the point, and they get their profile all the
  // same.
  void expect_done_in_spite_of(const std::string& point, const std::string& where) {
    SCOPED_TRACE(point);
    const size_t mark = server_->mark();
    const auto before = depsim().count_with(uuid_);
    server_->throw_at(point);
    depsim().add(10);
    server_->send_signal(SIGHUP);
    const auto line = server_->await("internal.error", mark);
    EXPECT_EQ(line.field("where"), where);
    EXPECT_THAT(line.field("reason"), HasSubstr("thrown at " + point + " by a test"));
    EXPECT_TRUE(comes_true([&] {
      server_->advance(2s);
      return depsim().count_with(uuid_) == before + 10;
    })) << server_->output();
  }

  std::string counter(const std::string& where) {
    return run_well("curl -s -u micromdm:$APIKEY " + server_->url() + "/metrics | grep 'where=\"" + where +
                    "\"'");
  }

  WebhookReceiver receiver_;
  std::optional<UnderTestServer> server_;
  std::string uuid_;
};

TEST_F(InternalErrors, OfARunAreRetried) {
  start();
  for (const char* point : {"run", "apple.before", "apple.after", "commit.before", "commit.after"})
    expect_done_in_spite_of(point, "run");
  EXPECT_THAT(counter("run"), HasSubstr("muster_internal_errors_total{where=\"run\"} 5"));
}

TEST_F(InternalErrors, OfReadingAheadAreRetried) {
  start();
  for (const char* point : {"reader.ask", "reader.read"}) expect_done_in_spite_of(point, "reader");
  EXPECT_THAT(counter("reader"), HasSubstr("} 2"));
}

TEST_F(InternalErrors, OfASignalEndNothing) {
  start();
  const size_t mark = server_->mark();
  server_->throw_at("signal");
  server_->send_signal(SIGHUP);
  EXPECT_EQ(server_->await("internal.error", mark).field("where"), "signal");
  server_->await("server.sync_signal_failed", mark);
  server_->send_signal(SIGHUP);
  server_->await("sync.done", mark);
  server_->send_signal(SIGTERM);
  EXPECT_EQ(server_->wait_exit(kDeadline), 0) << server_->output();
}

TEST_F(InternalErrors, OfAHandlerAreAnswered500) {
  start();
  const size_t mark = server_->mark();
  server_->throw_at("handler");
  const std::string ask =
      "curl -s -o /dev/null -w '%{http_code}' -u micromdm:$APIKEY " + server_->url() + "/api/v1/accounts";
  EXPECT_EQ(run_well(ask), "500");
  EXPECT_EQ(server_->await("internal.error", mark).field("reason"),
            "GET /api/v1/accounts: thrown at handler by a test");
  EXPECT_EQ(run_well(ask), "200");
  EXPECT_THAT(counter("handler"), HasSubstr("} 1"));
}

TEST_F(InternalErrors, OfTheWebhookDelayAnEvent) {
  start();
  const size_t mark = server_->mark();
  server_->throw_at("webhook");
  depsim().put("/control/accounts/default", {{"terms_signed", false}});
  server_->send_signal(SIGHUP);
  EXPECT_EQ(server_->await("internal.error", mark).field("where"), "webhook");
  EXPECT_TRUE(receiver_.taken().empty());
  EXPECT_TRUE(comes_true([&] {
    server_->advance(2s);
    return receiver_.taken().size() == 1;
  })) << server_->output();
}

}  // namespace
}  // namespace muster::test
