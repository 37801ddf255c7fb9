// Property lists of devices: as XML and in binary form.
#include "base/plist.h"
#include "fuzz/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using muster::fuzz::check;
  const std::string bytes = muster::fuzz::text_of(data, size);
  const auto texts = muster::plist_texts(bytes, {"UDID", "SerialNumber", "UserID", "a", ""});
  if (!texts) {
    check(!texts.error().message.empty(), "an error has a reason");
    return 0;
  }
  check(bytes.size() <= muster::kLongestPlist, "what is too long is not read");
  size_t read = 0;
  for (const auto& [key, text] : *texts) read += key.size() + text.size();
  check(read <= 1000 * muster::kLongestPlist, "there is not more in it than it can refer to");
  return 0;
}
