#include "profile/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/json_text.h"
#include "profile/json_cause.h"
#include "profile/members.h"

namespace muster {
namespace {

constexpr const char* kForm = "`mdmctl apply dep-profiles -template` shows a profile's form";

ProfileFault malformed(std::string reason, std::string remedy) {
  return {.word = std::string(kMalformedProfile), .reason = std::move(reason), .remedy = std::move(remedy)};
}

ProfileFault no_json(std::string_view text, const JsonFault& fault) {
  if (std::string_view(fault.what) != "this is not JSON") return malformed(fault.what, kForm);
  const auto cause = cause_at(text, fault.offset);
  return malformed(cause.reason, cause.remedy);
}

bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
         (text.size() > 1 && (text[0] == '\0' || text[1] == '\0'));
}

}  // namespace

std::vector<ProfileFinding> check_profile(std::string_view text) {
  ProfileFindings findings;
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (const auto document = read_json(text); !document && is_utf16(text)) {
    findings.add(0, "", malformed("the text is UTF-16", "Save it as UTF-8"));
  } else if (!document) {
    findings.add(document.error().offset, "", no_json(text, document.error()));
  } else if (!document->is_object()) {
    const char* kind = kind_of({.offset = begin, .text = text.substr(begin)});
    findings.add(begin, "",
                 malformed(fmt::format("this is {}, but a profile is an object in {{ }}", kind), kForm));
  } else {
    check_profile_members(text, findings);
  }
  return std::move(findings).placed_in(text);
}

bool has_error(const std::vector<ProfileFinding>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const auto& f) { return f.is_error(); });
}

}  // namespace muster
