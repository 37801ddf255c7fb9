// Enrollment profiles as users write them: every finding has a place in the text, a reason, and one line.
#include <algorithm>
#include <boost/json.hpp>
#include <tuple>

#include "base/text/json_text.h"
#include "base/text/utf8.h"
#include "fuzz/check.h"
#include "profile/check.h"

namespace {

using namespace muster;
using fuzz::check;

void check_finding(const ProfileFinding& finding, const TextPlace& end) {
  const std::string line = to_line(finding);
  check(finding.line >= 1 && finding.column >= 1, "places are counted from 1", line);
  check(finding.line < end.line || (finding.line == end.line && finding.column <= end.column),
        "a place is in the text", line);
  check(!finding.reason.empty(), "a finding has a reason", line);
  check(line.find('\n') == std::string::npos && is_utf8(line), "a finding is one line of text", line);
  check(line.size() < 2000, "and not a long one", line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string text = fuzz::text_of(data, size);
  const auto findings = check_profile(text);
  check(findings.size() <= kMostProfileFindings, "their number is limited");
  const auto end = place_in(text, text.size());
  for (const auto& finding : findings) check_finding(finding, end);
  check(std::is_sorted(findings.begin(), findings.end(),
                       [](const auto& a, const auto& b) {
                         return std::tuple(a.line, a.column) < std::tuple(b.line, b.column);
                       }),
        "they come in order");

  const auto document = read_json(text);
  const bool is_object = document && document->is_object();
  const bool is_no_profile = !findings.empty() && findings.front().key.empty();
  check(is_object != is_no_profile, "no object is one finding of the whole", text);
  if (!is_object) return 0;
  const auto& profile = document->get_object();
  if (!has_error(findings)) {
    check(profile.contains("url") && profile.at("url").is_string(), "a good profile has a url");
    check(profile.contains("profile_name") && profile.at("profile_name").is_string(), "and a name");
  }
  return 0;
}
