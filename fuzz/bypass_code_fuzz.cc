// Bypass codes, as hexadecimal digits and as people write them: what can be read is one code, in each of its
// forms.
#include "apple/bypass_code.h"
#include "fuzz/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using muster::apple::BypassCode;
  using muster::fuzz::check;
  const std::string text = muster::fuzz::text_of(data, size);
  for (const auto& code : {BypassCode::from_text(text), BypassCode::from_hex(text)}) {
    if (!code) continue;
    const std::string readable = code->text(), hex = code->hex();
    check(readable.size() == 31 && hex.size() == 32, "a code has its two lengths", readable);
    const auto again = BypassCode::from_text(readable), from_hex = BypassCode::from_hex(hex);
    check(again && again->hex() == hex, "the text is read as the same code", readable);
    check(from_hex && from_hex->text() == readable, "and so are the digits", hex);
  }
  return 0;
}
