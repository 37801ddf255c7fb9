#include "assign/filter.h"

namespace muster::assign {

Result<Filter> Filter::parse(std::string_view text) {
  if (text == "*") return Filter();
  if (text.empty()) return failure(Code::invalid, "the filter is empty", "Use '*' for every device");
  return failure(Code::invalid, "unknown filter '" + std::string(text) + "'",
                 "The only filter is '*', for every device; quote it, so that the shell does not expand it");
}

bool Filter::matches(const Device&) const { return true; }

}  // namespace muster::assign
