#include "profile/findings.h"

#include <algorithm>

namespace muster {

TextPlace PlaceFinder::at(size_t offset) {
  const auto step = place_in(text_.substr(before_), offset - before_);
  place_ = {.line = place_.line + step.line - 1,
            .column = step.line > 1 ? step.column : place_.column + step.column - 1};
  before_ = offset;
  return place_;
}

void ProfileFindings::add(size_t offset, std::string_view key, ProfileFault fault) {
  if (is_full()) return;
  found_.push_back({offset,
                    {.severity = fault.severity,
                     .word = std::move(fault.word),
                     .key = std::string(key),
                     .reason = std::move(fault.reason),
                     .remedy = std::move(fault.remedy)}});
}

std::vector<ProfileFinding> ProfileFindings::placed_in(std::string_view text) && {
  std::stable_sort(found_.begin(), found_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ProfileFinding> findings;
  PlaceFinder places(text);
  for (auto& [offset, finding] : found_) {
    const auto [line, column] = places.at(offset);
    finding.line = line;
    finding.column = column;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace muster
