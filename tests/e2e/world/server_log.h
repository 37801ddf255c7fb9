// Reads the server's log (docs/log.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

/// One line of logfmt.
class LogLine {
 public:
  explicit LogLine(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  std::string event() const { return field("event"); }
  /// The field's value without quotes and escapes; "" when the line has no such field.
  std::string field(std::string_view name) const;
  long long number(std::string_view name) const;  ///< 0 when the line has no such field

 private:
  std::string text_;
};

/// The whole lines of `log` from byte `since` on.
std::vector<LogLine> lines_of(const std::string& log, size_t since = 0);

}  // namespace muster::test
