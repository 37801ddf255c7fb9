#include "cli/input/config_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "cli/output/printable.h"

namespace muster::cli {

namespace {
constexpr size_t kMostShown = 100;
}

void ConfigFindings::add(TextPlace place, const std::string& reason, const std::string& remedy) {
  add_line(place,
           fmt::format("{}:{}:{}: error: {}", file_, place.line, place.column,
                       remedy.empty() ? reason : reason + ". " + remedy),
           true);
}

void ConfigFindings::add_line(TextPlace place, std::string line, bool is_error) {
  errors_ += is_error;
  findings_.push_back({place, std::move(line)});
}

std::string ConfigFindings::report() const {
  auto findings = findings_;
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  const bool too_many = findings.size() > kMostShown;
  if (too_many) findings.resize(kMostShown);
  std::string report;
  for (const auto& finding : findings) report += printable(finding.line) + "\n";
  if (too_many)
    report += printable(
        fmt::format("{}: these are the first {} findings of {}\n", file_, kMostShown, findings_.size()));
  return report;
}

std::string ConfigFindings::error_count() const {
  return fmt::format("{} has {} error{}", printable(file_), errors_, errors_ == 1 ? "" : "s");
}

}  // namespace muster::cli
