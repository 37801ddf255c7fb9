#include "model/text/rule_check.h"

#include "base/text/flags.h"
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

Result<> check_enroll_within(Millis time) {
  if (time == Millis(0)) return {};
  if (time >= Rule::kShortestEnrollWithin && time <= Rule::kLongestEnrollWithin) return {};
  return failure(Code::invalid,
                 "the time to enroll in, " + format_duration(time) + ", is not from 1 hour to 400 days",
                 "Write 14d for two weeks, and 0s for no limit");
}

int usual_priority(const std::string& filter) {
  return filter == "*" ? Rule::kLastPriority : Rule::kUsualPriority;
}

}  // namespace muster
