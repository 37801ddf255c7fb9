#include "cli/input/file_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace muster::cli {

Result<> check_kind(const Call& call, const std::string& path, std::string_view content,
                    std::initializer_list<DocumentKind> taken, std::string_view wanted) {
  const auto kind = kind_of_document(content);
  if (kind == DocumentKind::other || std::find(taken.begin(), taken.end(), kind) != taken.end()) return {};
  return failure(Code::invalid,
                 fmt::format("{} is {}, not {}", name_of_input(path), description(kind), wanted),
                 remedy_for(kind, path, call.account_flag()));
}

Result<> check_shell_star(const std::string& filter) {
  std::error_code ignored;
  if (filter.empty() || filter == "*" || filter.find(' ') != std::string::npos ||
      !std::filesystem::exists(filter, ignored))
    return {};
  return failure(
      Code::invalid,
      fmt::format("-filter is \"{}\", the name of a file here: the shell put it in place of the star",
                  filter),
      "Put the star in quotes: -filter='*'");
}

}  // namespace muster::cli
