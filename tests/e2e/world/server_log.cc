#include "tests/e2e/world/server_log.h"

#include <algorithm>
#include <cstdlib>

namespace muster::test {

std::string LogLine::field(std::string_view name) const {
  const std::string key = std::string(name) + "=";
  size_t at = 0;
  while (at < text_.size()) {
    const bool wanted = text_.compare(at, key.size(), key) == 0;
    const size_t equals = text_.find('=', at);
    if (equals == std::string::npos) break;
    std::string value;
    size_t i = equals + 1;
    if (i < text_.size() && text_[i] == '"') {
      for (++i; i < text_.size() && text_[i] != '"'; ++i) {
        if (text_[i] == '\\') ++i;
        value += text_[i];
      }
      ++i;
    } else {
      const size_t end = std::min(text_.find(' ', i), text_.size());
      value = text_.substr(i, end - i);
      i = end;
    }
    if (wanted) return value;
    at = i + 1;
  }
  return {};
}

long long LogLine::number(std::string_view name) const { return std::atoll(field(name).c_str()); }

std::vector<LogLine> lines_of(const std::string& log, size_t since) {
  std::vector<LogLine> lines;
  for (size_t begin = since, end; (end = log.find('\n', begin)) != std::string::npos; begin = end + 1)
    lines.emplace_back(log.substr(begin, end - begin));
  return lines;
}

}  // namespace muster::test
