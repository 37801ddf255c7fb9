#include "cli/input/profile_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/input/file_kind.h"
#include "cli/output/printable.h"

namespace muster::cli {
namespace {

constexpr size_t kProfileLimit = 8 << 20;  // bytes; the server takes no more in one request

}  // namespace

Result<ProfileFile> read_profile(const Call& call, const std::string& path) {
  MUSTER_TRY(auto text, call.read_text(path, kProfileLimit));
  MUSTER_TRY(check_kind(call, path, text, {DocumentKind::profile, DocumentKind::json, DocumentKind::config},
                        "a DEP profile"));
  auto findings = check_profile(text);
  return ProfileFile{name_of_input(path), std::move(text), std::move(findings)};
}

std::string report_of(const ProfileFile& file) {
  std::string report;
  for (const auto& finding : file.findings) report += printable(file.name + ":" + to_line(finding)) + "\n";
  if (file.findings.size() >= kMostProfileFindings)
    report +=
        printable(fmt::format("{}: these are the first {} findings\n", file.name, kMostProfileFindings));
  return report;
}

std::string error_count_of(const ProfileFile& file) {
  const auto count =
      std::count_if(file.findings.begin(), file.findings.end(), [](const auto& f) { return f.is_error(); });
  return fmt::format("{} has {} error{}", file.name, count, count == 1 ? "" : "s");
}

}  // namespace muster::cli
