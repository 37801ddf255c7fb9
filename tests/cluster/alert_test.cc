// The alert that a server is silent, as tests/e2e/monitoring does for the others.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/cluster/servers.h"
#include "tests/e2e/world/scrapes.h"

namespace muster::test {
namespace {

class ClusterAlerts : public Servers {
 protected:
  std::string metrics() {
    const auto [status, text] = try_to(0, "GET", "/metrics");
    return status == 200 ? text : "";
  }
  bool is_alive(const std::string& server, bool alive) {
    return eventually(
        [&] {
          return metrics().find("muster_server_alive{server=\"" + server + "\"} " + (alive ? "1" : "0")) !=
                 std::string::npos;
        },
        60s);
  }
};

TEST_F(ClusterAlerts, MusterServerSilent) {
  start(2);
  ASSERT_TRUE(is_alive("server-1", true));
  // Each scrape counts as a minute later.
  Scrapes scrapes;
  const auto scrape = [&](std::set<std::string> alerts) {
    scrapes.add(SystemClock().now(), metrics(), std::move(alerts));
  };
  scrape({});
  servers_.at(1)->send_signal(SIGKILL);
  ASSERT_TRUE(is_alive("server-1", false));
  scrape({});
  scrape({"MusterServerSilent"});
  inspect_log_of(*servers_.at(1));
  servers_.pop_back();
  start(1);
  ASSERT_TRUE(is_alive("server-1", true));
  scrape({});
  EXPECT_EQ(promtool_complaint(path("."), scrapes.rule_test()), "");
}

}  // namespace
}  // namespace muster::test
