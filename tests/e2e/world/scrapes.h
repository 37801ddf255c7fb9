// Answers of GET /metrics over time, and what Prometheus makes of them: promtool evaluates the alert rules of
// docs/prometheus on the recorded values.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time/clock.h"

namespace muster::test {

/// A line of a scrape, taken apart.
struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  std::string value;
};
std::vector<Sample> samples_of(const std::string& scrape);

class Scrapes {
 public:
  /// `alerts` are those that must fire at this time, and no others. Nothing for `scrape`: the server did not
  /// answer. Times count in whole minutes; one that is not later than the last is a minute later.
  void add(Time at, std::optional<std::string> scrape, std::set<std::string> alerts);

  /// The input of `promtool test rules`: what was recorded, each value until the next scrape, and which
  /// alerts must fire.
  std::string rule_test() const;
  /// The same with nothing but the expressions, each of which must have a result at the end.
  std::string rule_test(const std::vector<std::string>& expressions) const;

 private:
  struct Scrape {
    long long minute = 0;
    std::optional<std::string> text;
    std::set<std::string> alerts;
  };
  std::string input() const;

  std::optional<Time> began_;
  std::vector<Scrape> scrapes_;
};

/// Has promtool run it. "" when all is as it must be, else what promtool says.
std::string promtool_complaint(const std::string& directory, const std::string& rule_test);

}  // namespace muster::test
