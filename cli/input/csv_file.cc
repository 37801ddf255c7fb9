#include "cli/input/csv_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "cli/input/file_kind.h"

namespace muster::cli {

Result<std::string> read_csv_file(const Call& call, const std::string& path, size_t limit,
                                  bool may_be_empty) {
  MUSTER_TRY(auto text, call.read_text(path, limit));
  if (!may_be_empty && trim(std::string_view(text)).empty())
    return failure(Code::invalid, name_of_input(path) + " is empty", "Write a serial number into each line");
  MUSTER_TRY(check_kind(call, path, text, {DocumentKind::csv}, "a CSV file"));
  std::string_view rest = text;
  while (const size_t length = utf8_length(rest)) rest.remove_prefix(length);
  if (rest.empty()) return text;
  const auto line = 1 + std::count(text.begin(), text.end() - static_cast<std::ptrdiff_t>(rest.size()), '\n');
  return failure(Code::invalid, fmt::format("{}: line {} is not UTF-8", name_of_input(path), line),
                 "Save the file as \"CSV UTF-8\"");
}

}  // namespace muster::cli
