#include "profile/finding.h"

#include <fmt/format.h>

namespace muster {

std::string_view word(ProfileFinding::Severity severity) {
  return severity == ProfileFinding::Severity::error ? "error" : "warning";
}

std::string to_line(const ProfileFinding& finding) {
  std::string line = fmt::format("{}:{}: {}: ", finding.line, finding.column, word(finding.severity));
  for (const auto* part : {&finding.word, &finding.key})
    if (!part->empty()) line += *part + ": ";
  line += finding.reason;
  return finding.remedy.empty() ? line : line + ". " + finding.remedy;
}

}  // namespace muster
