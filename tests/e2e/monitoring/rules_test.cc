// The files of docs/prometheus: promtool accepts them, and they speak of metrics and labels that there are.
#include <gmock/gmock.h>

#include <regex>

#include "base/os/files.h"
#include "base/text/json.h"
#include "tests/e2e/world/scrapes.h"
#include "tests/e2e/world/under_test_server.h"
#include "tests/e2e/world/world.h"
#include "tests/support/certificate.h"
#include "tests/support/places.h"
#include "tests/support/webhook_receiver.h"

namespace muster::test {
namespace {

using testing::Contains;
using testing::IsSupersetOf;
using Names = std::set<std::string>;

std::string text_of(const std::string& path) {
  const auto text = read_file(source(path));
  if (!text) throw std::runtime_error(text.error().text());
  return *text;
}

Names found_in(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  Names found;
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

size_t count_of(const std::string& part, const std::string& text) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

// With what Grafana puts in place of its variables.
std::vector<std::string> expressions_of(const boost::json::value& dashboard) {
  std::vector<std::string> expressions;
  for (const auto& panel : dashboard.at("panels").as_array()) {
    const auto* const targets = panel.as_object().if_contains("targets");
    if (!targets) continue;
    for (const auto& target : targets->as_array()) {
      const std::string expression(target.at("expr").as_string());
      expressions.push_back(replaced(replaced(expression, "$account", ".*"), "$__rate_interval", "5m"));
    }
  }
  return expressions;
}

std::vector<std::string> rules() {
  std::vector<std::string> expressions;
  const std::regex line("\n +expr: ([^\n]*)");
  const std::string text = text_of("docs/prometheus/muster.rules.yml");
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at)
    expressions.push_back((*at)[1]);
  return expressions;
}

TEST(AlertRules, AreAcceptedByPromtool) {
  const auto checked =
      run_program({"promtool", "check", "rules", source("docs/prometheus/muster.rules.yml")});
  EXPECT_EQ(checked.exit, 0) << checked.out << checked.err;
  const auto tested = run_program({"promtool", "test", "rules", source("docs/prometheus/muster.test.yml")});
  EXPECT_EQ(tested.exit, 0) << tested.out << tested.err;
}

TEST(AlertRules, AreAllTested) {
  const auto alerts = found_in(text_of("docs/prometheus/muster.rules.yml"), "- alert: (\\w+)");
  EXPECT_GT(alerts.size(), 10U);
  EXPECT_EQ(found_in(text_of("docs/prometheus/muster.test.yml"), "- name: (\\w+)"), alerts);
  EXPECT_EQ(found_in(text_of("docs/prometheus/muster.test.yml"), "alertname=\"(\\w+)\""), alerts);
  EXPECT_EQ(found_in(text_of("tests/e2e/monitoring/alerts_test.cc") + text_of("tests/cluster/alert_test.cc"),
                     "\"(Muster\\w+)\""),
            alerts);
  const std::string text = text_of("docs/prometheus/muster.rules.yml");
  for (const std::string part :
       {"\n          summary: ", "\n          description: >-", "labels: {severity: "})
    EXPECT_EQ(count_of(part, text), alerts.size()) << part;
}

// A server that does a little of everything, so that each metric has a value.
class Monitoring : public World {
 protected:
  std::string scrape() {
    const auto files = make_certificate(path("."));
    start_depsim({"-devices", "20", "-clock-skew", "1000d"});
    start_muster({"-webhook-allow-private"});
    add_secret("OF-THE-HOOK");
    await_baseline(20);
    run_well("mdmctl get dep-tokens -export-public-key public.pem");
    write("token.p7m", depsim().make_token_file(read("public.pem")));
    run_well("mdmctl apply dep-tokens -import token.p7m");
    write("url.txt", receiver_.url() + "\n");
    run_well("mdmctl apply webhook -name chat -url-file url.txt 2>/dev/null");
    const auto uuid = define_profile("*");
    depsim().add(5);
    run_well("mdmctl sync -full -wait");
    await_assigned(5, uuid);
    const std::string scraped = call("GET", "/metrics").body;
    // Only a server with TLS has this one.
    stop_muster();
    UnderTestServer encrypted(
        {"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls-cert", files.certificate, "-tls-key",
         files.key, "-config-path", data(), "-depsim", depsim().url()},
        SystemClock().now());
    const auto line = run_well("curl -sk -u micromdm:$APIKEY " + encrypted.url() +
                               "/metrics | grep '^muster_certificate_expiry_timestamp_seconds '");
    inspect_log_of(encrypted);
    return scraped + line;
  }

  WebhookReceiver receiver_;
};

// Names with their labels; those of a histogram by the name of the whole.
std::map<std::string, Names> metrics_in(const std::string& scrape) {
  std::map<std::string, Names> metrics;
  for (const auto& sample : samples_of(scrape)) {
    auto& labels = metrics[std::regex_replace(sample.name, std::regex("(_bucket|_sum|_count)$"), "")];
    for (const auto& [label, value] : sample.labels)
      if (label != "le") labels.insert(label);
  }
  return metrics;
}

TEST_F(Monitoring, HasWhatTheManualTheRulesAndTheDashboardName) {
  const std::string scraped = scrape();
  const auto metrics = metrics_in(scraped);

  // The manual: each metric with exactly its labels, and no others.
  std::map<std::string, Names> described;
  const std::regex row("\n\\| `(muster_\\w+)` \\|([^|]*)\\|");
  const std::string manual = text_of("docs/metrics.md");
  for (std::sregex_iterator at(manual.begin(), manual.end(), row), end; at != end; ++at)
    described[(*at)[1]] = found_in((*at)[2], "`(\\w+)`");
  EXPECT_EQ(described, metrics);

  const auto dashboard = parse_json(text_of("docs/prometheus/dashboard.json")).value();
  const auto panels = expressions_of(dashboard);
  EXPECT_GT(panels.size(), 20U);
  Names labels_there = {"job", "instance", "le"}, used;
  for (const auto& [name, labels] : metrics) labels_there.insert(labels.begin(), labels.end());
  auto all = rules();
  all.insert(all.end(), panels.begin(), panels.end());
  for (const auto& expression : all) {
    const std::regex selector("(muster_\\w+)(\\{[^}]*\\})?");
    for (std::sregex_iterator at(expression.begin(), expression.end(), selector), end; at != end; ++at) {
      const std::string name = std::regex_replace((*at)[1].str(), std::regex("_bucket$"), "");
      ASSERT_TRUE(metrics.contains(name)) << name << " in " << expression;
      used.insert(name);
      EXPECT_THAT(metrics.at(name), IsSupersetOf(found_in((*at)[2].str(), "(\\w+)(?:=|!=)~?\"")))
          << expression;
    }
    for (const auto& list : found_in(expression, "(?:by|on|ignoring|without) \\(([^)]*)\\)"))
      EXPECT_THAT(labels_there, IsSupersetOf(found_in(list, "(\\w+)"))) << expression;
  }
  for (const auto& label : found_in(text_of("docs/prometheus/muster.rules.yml"), "\\$labels\\.(\\w+)"))
    EXPECT_THAT(labels_there, Contains(label));
  for (const auto& label : found_in(text_of("docs/prometheus/dashboard.json"), "\\{\\{(\\w+)\\}\\}"))
    EXPECT_TRUE(label == "alertname" || labels_there.contains(label)) << label;

  // Every panel shows something of this server.
  Scrapes scrapes;
  for (int minute = 0; minute < 10; ++minute) scrapes.add(SystemClock().now(), scraped, {});
  EXPECT_EQ(promtool_complaint(path("."), scrapes.rule_test(panels)), "");
}

}  // namespace
}  // namespace muster::test
