// GET /metrics and docs/metrics.md agree, and the values are correct.
#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "base/os/files.h"
#include "tests/e2e/world/under_test_server.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::set<std::string> all_matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

std::string manual() {
  const auto text = read_file(source("docs/metrics.md"));
  if (!text) throw std::runtime_error(text.error().text());
  return *text;
}

class Metrics : public World {
 protected:
  std::string metrics() const {
    const auto answer = call("GET", "/metrics");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    return answer.body;
  }
};

TEST_F(Metrics, AreThoseOfTheManual) {
  start_depsim({"-devices", "20"});
  start_muster();
  await_baseline(20);
  EXPECT_TRUE(comes_true([&] { return metrics().find("last_success") != std::string::npos; }));
  const std::string text = manual(), scraped = metrics();
  const auto said = all_matches(scraped, std::regex("# TYPE (\\w+) "));
  EXPECT_EQ(said, all_matches(text, std::regex("\n\\| `(muster_\\w+)` ")));
  for (const auto& name : all_matches(text, std::regex("(muster_\\w+)")))
    EXPECT_TRUE(said.contains(name)) << name << " is no metric";
  const std::regex help_line("# HELP (\\w+) ([^\n]*)\n");
  for (std::sregex_iterator at(scraped.begin(), scraped.end(), help_line), end; at != end; ++at) {
    const std::string name = (*at)[1], help = (*at)[2];
    const auto begin = text.find("\n| `" + name + "`");
    const auto row = text.substr(begin, text.find('\n', begin + 1) - begin);
    EXPECT_THAT(row, HasSubstr("| " + help))
        << "GET /metrics and docs/metrics.md describe " << name << " differently";
  }
}

TEST_F(Metrics, NeedTheKey) {
  start_muster();
  EXPECT_EQ(run_well("curl -s -o /dev/null -w '%{http_code}' $SERVER_URL/metrics"), "401");
  EXPECT_THAT(metrics(), AllOf(HasSubstr("state=\"not_configured\"} 1\n"),
                               Not(HasSubstr("token_expiry_timestamp_seconds{"))));
}

TEST_F(Metrics, CountWhatPeopleLookAt) {
  start_depsim({"-devices", "5"});
  start_muster();
  await_baseline(5);
  depsim().add(3);
  run_well("mdmctl sync -wait");
  EXPECT_THAT(metrics(), AllOf(HasSubstr("\nmuster_devices{account=\"default\"} 8\n"),
                               HasSubstr("\nmuster_devices_uncovered{account=\"default\"} 3\n"),
                               HasSubstr("\nmuster_account_failures{account=\"default\"} 0\n")));

  depsim().put("/control/accounts/default", {{"terms_signed", false}});
  EXPECT_EQ(run("mdmctl sync -wait").exit, 1);
  EXPECT_THAT(metrics(), AllOf(HasSubstr("{account=\"default\",state=\"terms_unsigned\"} 1\n"),
                               HasSubstr("{account=\"default\",state=\"ok\"} 0\n"),
                               HasSubstr("\nmuster_account_failures{account=\"default\"} 1\n")));
}

TEST_F(Metrics, TellThatATokenRunsOut) {
  const Time noon = from_millis(1'772'366'400'000);
  start_depsim({"-devices", "3", "-clock", "2026-03-01T12:00:00Z", "-auth-follows-clock"});
  UnderTestServer server({"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls=false", "-depsim",
                          depsim().url(), "-config-path", data()},
                         noon);
  const Environment here{{"MDMCTL_SERVER_URL", server.url()},
                         {"MDMCTL_API_TOKEN", kApiKey},
                         {"SERVER_URL", server.url()},
                         {"DEPSIM", depsim().url()}};
  const auto well = [&](const std::string& line) {
    const auto result = run(line, here);
    EXPECT_EQ(result.exit, 0) << line << "\n" << result.out << result.err;
    return result.out;
  };
  well("mdmctl get dep-tokens -export-public-key key.pem");
  well("curl -sf --data-binary @key.pem -o token.p7m \"$DEPSIM/control/accounts/default/token?expires=31d\"");
  well("mdmctl apply dep-tokens -import token.p7m");
  const std::string ask = "curl -s -u micromdm:$APIKEY $SERVER_URL/metrics";
  EXPECT_TRUE(comes_true([&] { return well(ask).find("state=\"expiring\"} 1\n") != std::string::npos; }));
  EXPECT_THAT(well(ask),
              HasSubstr("\nmuster_token_expiry_timestamp_seconds{account=\"default\"} 1775044800\n"));
  inspect_log_of(server);
}

}  // namespace
}  // namespace muster::test
