// The form of a sentence, and what a line of that form says.
//
//   Pattern("at Apple: SERIALS arrive/arrives[ in ACCOUNT]").match("at Apple: C01 arrives")->text("SERIALS")
//
// A word in capitals stands for a value (kValues in pattern.cc says which), a/b for either word, brackets for
// what may be left out.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace muster::test {

/// A number of things: `3`, `no`, `at most 3`, `at least 3`.
struct Amount {
  long long least = 0;
  long long most = 0;
  std::string text;

  bool fits(long long number) const { return number >= least && number <= most; }
};

/// The values of one line, by the names in its pattern.
class Words {
 public:
  explicit Words(std::map<std::string, std::string> values) : values_(std::move(values)) {}

  bool has(const std::string& name) const { return values_.contains(name); }
  /// As written, quotes taken off; `otherwise` when it was left out.
  std::string text(const std::string& name, const std::string& otherwise = {}) const;
  long long number(const std::string& name, long long otherwise = 0) const;
  /// `10 minutes`, `1 hour and 30 seconds`.
  std::chrono::milliseconds duration(const std::string& name) const;
  /// `C01, C03..C20` in full. Throws Failed for a range that is none.
  std::vector<std::string> serials(const std::string& name) const;
  Amount amount(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

/// `C01..C03 and C07` as C01, C02, C03, C07.
std::vector<std::string> serials_in(const std::string& text);

class Pattern {
 public:
  explicit Pattern(const std::string& text);

  std::optional<Words> match(const std::string& line) const;

 private:
  std::regex regex_;
  std::vector<std::string> names_;
};

}  // namespace muster::test
