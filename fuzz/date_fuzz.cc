// Dates as Apple writes them: read, printed and read again they are the same moment.
#include "base/time/rfc3339.h"
#include "fuzz/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace muster;
  using fuzz::check;
  const std::string text = fuzz::text_of(data, size);
  const auto time = parse_rfc3339(text);
  if (!time) return 0;
  const std::string printed = format_rfc3339_millis(*time);
  check(parse_rfc3339(printed) == time, "a date printed and read again is the same", printed);
  check(printed.size() == 24 && format_rfc3339(*time).size() == 20, "and has the one form", printed);
  return 0;
}
