#include "apple/bypass_code.h"

#include <openssl/evp.h>

#include <algorithm>
#include <bitset>
#include <optional>

#include "base/text/encoding.h"
#include "base/text/strings.h"

namespace muster::apple {
namespace {

// Without letters that look like digits, or like another letter.
constexpr std::string_view kSymbols = "0123456789ACDEFGHJKLMNPQRTUVWXYZ";
constexpr size_t kSymbolCount = 26;  // 25 of five bits each, and the last of the three that are left
constexpr size_t kBitsOfLast = 3;
constexpr size_t kDashesBefore[] = {5, 10, 14, 18, 22};
constexpr int kRounds = 50'000;

size_t bits_of(size_t symbol) { return symbol + 1 < kSymbolCount ? 5 : kBitsOfLast; }

bool has_dash_before(size_t symbol) {
  return std::find(std::begin(kDashesBefore), std::end(kDashesBefore), symbol) != std::end(kDashesBefore);
}

Error no_code() {
  return {Code::invalid, "\"code\" is not a bypass code",
          "It has 26 letters and digits without B, I, O and S, as in 3UM43-PUYVY-QYD1-UVCC-HEHJ-FKA4"};
}

}  // namespace

BypassCode BypassCode::make() {
  std::array<unsigned char, kBytes> bytes;
  const auto random = random_bytes(kBytes);
  std::copy(random.begin(), random.end(), bytes.begin());
  return BypassCode(bytes);
}

Result<BypassCode> BypassCode::from_hex(std::string_view text) {
  const auto digit = [](char c) -> int {
    const size_t value = std::string_view("0123456789abcdef").find(c);
    return value == std::string_view::npos ? -1 : static_cast<int>(value);
  };
  const std::string digits = to_lower(text);
  const bool is_hex = std::all_of(digits.begin(), digits.end(), [&](char c) { return digit(c) >= 0; });
  if (digits.size() != 2 * kBytes || !is_hex)
    return failure(Code::invalid, "\"raw\" must have 32 hexadecimal digits");
  std::array<unsigned char, kBytes> bytes;
  for (size_t i = 0; i < kBytes; ++i)
    bytes[i] = static_cast<unsigned char>(digit(digits[2 * i]) * 16 + digit(digits[2 * i + 1]));
  return BypassCode(bytes);
}

Result<BypassCode> BypassCode::from_text(std::string_view text) {
  std::bitset<kBytes * 8> bits;
  size_t symbols = 0;
  for (const char c : text) {
    if (c == '-' || c == ' ') continue;
    const size_t value = kSymbols.find(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    if (value == std::string_view::npos || symbols == kSymbolCount || value >> bits_of(symbols))
      return failure(no_code());
    bits <<= bits_of(symbols++);
    bits |= std::bitset<kBytes * 8>(value);
  }
  if (symbols != kSymbolCount) return failure(no_code());
  std::array<unsigned char, kBytes> bytes{};
  for (size_t bit = 0; bit < bits.size(); ++bit)
    if (bits[bits.size() - 1 - bit]) bytes[bit / 8] |= static_cast<unsigned char>(0x80u >> (bit % 8));
  return BypassCode(bytes);
}

std::string BypassCode::hex() const {
  return hex_lower({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
}

std::string BypassCode::text() const {
  std::string text;
  size_t bit = 0;
  for (size_t symbol = 0; symbol < kSymbolCount; ++symbol) {
    size_t value = 0;
    for (size_t end = bit + bits_of(symbol); bit < end; ++bit)
      value = 2 * value + (bytes_[bit / 8] >> (7 - bit % 8) & 1u);
    if (has_dash_before(symbol)) text += '-';
    text += kSymbols[value];
  }
  return text;
}

Result<std::string> BypassCode::hash() const {
  constexpr unsigned char kSalt[4] = {};
  std::array<unsigned char, 32> key;
  if (PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(bytes_.data()), static_cast<int>(bytes_.size()), kSalt,
                        sizeof kSalt, kRounds, EVP_sha256(), static_cast<int>(key.size()), key.data()) != 1)
    return failure(Code::internal, "OpenSSL could not derive the escrow key of a bypass code");
  return hex_lower({reinterpret_cast<const char*>(key.data()), key.size()});
}

}  // namespace muster::apple
