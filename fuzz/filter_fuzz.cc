// Filters as people type them: read or refused with a reason, and a filter that was read can be asked.
#include "assign/filter.h"
#include "fuzz/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace muster;
  using fuzz::check;
  const std::string text = fuzz::text_of(data, size);
  const auto filter = assign::Filter::parse(text);
  if (!filter) {
    check(filter.error().code == Code::invalid && !filter.error().message.empty(), "a refusal has a reason");
    return 0;
  }
  Device device;
  (void)filter->matches(device);
  device.serial = Serial("C00000000001");
  device.facts.model = "iPad Pro (11-inch)";
  device.facts.color = "SPACE GRAY";
  device.facts.family = "iPad";
  device.facts.os = "iPadOS";
  const bool covered = filter->matches(device);
  check(filter->matches(device) == covered, "a filter has one opinion");
  check(assign::Filter::parse(text)->matches(device) == covered, "and so has its text");
  if (text == "*") check(covered, "* covers every device");
  return 0;
}
