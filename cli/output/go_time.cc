#include "cli/output/go_time.h"

#include "base/time/rfc3339.h"

namespace muster::cli {

std::string go_time(std::string_view rfc3339) {
  const auto time = parse_rfc3339(rfc3339);
  if (rfc3339.empty()) return "0001-01-01 00:00:00 +0000 UTC";
  if (!time) return std::string(rfc3339);
  const std::string text = format_rfc3339(*time);  // 2030-01-01T00:00:00Z
  const size_t t = text.find('T');
  return text.substr(0, t) + " " + text.substr(t + 1, 8) + " +0000 UTC";
}

}  // namespace muster::cli
