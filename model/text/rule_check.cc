#include "model/text/rule_check.h"

#include "model/rule.h"

namespace muster {

namespace {
constexpr size_t kNameLimit = 100;  // bytes
}

Result<> check_rule_name(const std::string& name) {
  if (name.size() > kNameLimit)
    return failure(Code::invalid, "the name of a rule has at most " + std::to_string(kNameLimit) + " bytes");
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return failure(Code::invalid, "the name of a rule has a control character in it");
  return {};
}

Result<> check_priority(long long priority) {
  if (priority >= 0 && priority <= Rule::kLastPriority) return {};
  return failure(
      Code::invalid,
      "the priority " + std::to_string(priority) + " is not from 0 to " + std::to_string(Rule::kLastPriority),
      "Lower is tried first; " + std::to_string(Rule::kUsualPriority) + " is usual");
}

int usual_priority(const std::string& filter) {
  return filter == "*" ? Rule::kLastPriority : Rule::kUsualPriority;
}

}  // namespace muster
