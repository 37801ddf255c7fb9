#include "tests/e2e/world/scrapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/os/files.h"
#include "tests/support/places.h"
#include "tests/support/process.h"

namespace muster::test {
namespace {

// What Prometheus adds to each series: docs/metrics.md names the job so.
constexpr const char* kTarget = R"(instance="muster.example.org",job="muster")";
// The last values stay for so long, so that rates of them can be seen.
constexpr long long kAfterLast = 3;

std::string in_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::string series_of(const Sample& sample) {
  std::string series = sample.name + "{" + kTarget;
  for (const auto& [name, value] : sample.labels) series += fmt::format(",{}=\"{}\"", name, value);
  return series + "}";
}

// promtool's clock begins at 1970: what is a time is told from the first scrape on.
std::string value_at(const Sample& sample, Time began) {
  const bool is_time = sample.name.ends_with("_timestamp_seconds");
  const double zero = is_time ? static_cast<double>(to_millis(began)) / 1000 : 0;
  return fmt::format("{:.3f}", std::stod(sample.value) - zero);
}

// The series ends, as when a scrape lacks it.
std::string ended_for(long long minutes) {
  return minutes == 1 ? " stale" : fmt::format(" stale _x{}", minutes - 1);
}

}  // namespace

std::vector<Sample> samples_of(const std::string& scrape) {
  std::vector<Sample> samples;
  for (size_t begin = 0; begin < scrape.size();) {
    const size_t end = std::min(scrape.find('\n', begin), scrape.size());
    const std::string line = scrape.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty() || line.starts_with('#')) continue;
    const size_t space = line.rfind(' ');
    Sample sample{
        .name = line.substr(0, line.find_first_of("{ ")), .labels = {}, .value = line.substr(space + 1)};
    for (size_t at = sample.name.size() + 1; at < space && line[at - 1] != '}';) {
      const size_t equals = line.find("=\"", at);
      size_t close = line.find('"', equals + 2);
      while (close != std::string::npos && line[close - 1] == '\\') close = line.find('"', close + 1);
      if (close == std::string::npos) throw std::runtime_error("cannot read the metric " + line);
      sample.labels[line.substr(at, equals - at)] = line.substr(equals + 2, close - equals - 2);
      at = close + 2;
    }
    samples.push_back(std::move(sample));
  }
  return samples;
}

void Scrapes::add(Time at, std::optional<std::string> scrape, std::set<std::string> alerts) {
  if (!began_) began_ = at;
  const long long minute = std::chrono::round<std::chrono::minutes>(at - *began_).count();
  const long long earliest = scrapes_.empty() ? 0 : scrapes_.back().minute + 1;
  scrapes_.push_back({std::max(minute, earliest), std::move(scrape), std::move(alerts)});
}

std::string Scrapes::input() const {
  std::string text =
      fmt::format("rule_files: [{}]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n",
                  source("docs/prometheus/muster.rules.yml"));
  // One text a series: VxN is a value for N + 1 minutes, _xN none for N.
  std::map<std::string, std::string> values;
  std::string up;
  long long minutes = 0;
  for (size_t i = 0; i < scrapes_.size(); ++i) {
    const auto& scrape = scrapes_[i];
    const long long end = i + 1 < scrapes_.size() ? scrapes_[i + 1].minute : scrape.minute + kAfterLast;
    const auto for_minutes = [&](const std::string& value) {
      return fmt::format(" {}x{}", value, end - scrape.minute - 1);
    };
    std::set<std::string> seen;
    if (scrape.text)
      for (const auto& sample : samples_of(*scrape.text)) {
        const std::string series = series_of(sample);
        auto& so_far = values[series];
        if (so_far.empty() && minutes > 0) so_far = fmt::format(" _x{}", minutes);
        so_far += for_minutes(value_at(sample, *began_));
        seen.insert(series);
      }
    for (auto& [series, so_far] : values)
      if (!seen.contains(series)) so_far += ended_for(end - scrape.minute);
    up += for_minutes(scrape.text ? "1" : "0");
    minutes = end;
  }
  values[fmt::format("up{{{}}}", kTarget)] = up;
  for (const auto& [series, so_far] : values)
    text += fmt::format("      - series: {}\n        values: '{}'\n", in_quotes(series), so_far.substr(1));
  return text + "    promql_expr_test:\n";
}

std::string Scrapes::rule_test() const {
  std::string text = input();
  for (const auto& scrape : scrapes_) {
    text += fmt::format(
        "      - expr: 'group by (alertname) (ALERTS{{alertstate=\"firing\"}})'\n        eval_time: {}m\n"
        "        exp_samples:{}\n",
        scrape.minute, scrape.alerts.empty() ? " []" : "");
    for (const auto& alert : scrape.alerts)
      text += fmt::format("          - {{labels: '{{alertname=\"{}\"}}', value: 1}}\n", alert);
  }
  return text;
}

std::string Scrapes::rule_test(const std::vector<std::string>& expressions) const {
  std::string text = input();
  for (const auto& expression : expressions)
    text += fmt::format(
        "      - expr: {}\n        eval_time: {}m\n        exp_samples: [{{labels: '{{}}', value: 1}}]\n",
        in_quotes("group(" + expression + ")"), scrapes_.back().minute + kAfterLast - 1);
  return text;
}

std::string promtool_complaint(const std::string& directory, const std::string& rule_test) {
  const std::string file = directory + "/scrapes.test.yml";
  if (const auto written = write_file(file, rule_test); !written)
    throw std::runtime_error(written.error().text());
  const auto done = run_program({"promtool", "test", "rules", file});
  return done.exit == 0 ? "" : done.out + done.err;
}

}  // namespace muster::test
