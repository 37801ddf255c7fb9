// The code that opens a device behind an Activation Lock: 16 bytes by chance. People read it as a text; Apple
// gets its hash, the escrow key, when the device is locked (apple-dep-api.md 4.8).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::apple {

class BypassCode {
 public:
  static BypassCode make();
  /// Of 32 hexadecimal digits. Code::invalid.
  static Result<BypassCode> from_hex(std::string_view text);
  /// Of the text that people read, in capitals or not, with its dashes or without. Code::invalid.
  static Result<BypassCode> from_text(std::string_view text);

  /// 32 hexadecimal digits, in small letters.
  std::string hex() const;
  /// "3UM43-PUYVY-QYD1-UVCC-HEHJ-FKA4"
  std::string text() const;
  /// The escrow key: 64 hexadecimal digits, in small letters. Takes some 20 ms.
  Result<std::string> hash() const;

 private:
  static constexpr size_t kBytes = 16;
  explicit BypassCode(const std::array<unsigned char, kBytes>& bytes) : bytes_(bytes) {}

  std::array<unsigned char, kBytes> bytes_;
};

}  // namespace muster::apple
