#include "model/text/row_errors.h"

#include <fmt/format.h>

namespace muster {

namespace {
constexpr size_t kShown = 20;
}

void RowErrors::add(size_t line, const std::string& what) {
  if (++count_ <= kShown) shown_.push_back(fmt::format("\n  line {}: {}", line, what));
}

Result<> RowErrors::result() const {
  if (count_ == 0) return {};
  std::string message = count_ == 1
                            ? "a row of the file is wrong, and nothing was changed:"
                            : fmt::format("{} rows of the file are wrong, and nothing was changed:", count_);
  for (const auto& row : shown_) message += row;
  if (count_ > kShown) message += fmt::format("\n  and {} more", count_ - kShown);
  return failure(Code::invalid, message);
}

}  // namespace muster
