#include "model/text/key_text.h"

#include <algorithm>
#include <cstdint>

#include "base/sha256.h"
#include "base/text/encoding.h"

namespace muster {
namespace {

constexpr std::string_view kPrefix = "mst_";
constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr size_t kIdLength = 10, kSecretLength = 43, kCheckLength = 6;
constexpr size_t kLength = kPrefix.size() + kIdLength + 1 + kSecretLength + kCheckLength;
static_assert(kLength == 64);

// Each as likely as any other: bytes beyond the last multiple of 62 are thrown away.
std::string random_digits(size_t count) {
  constexpr unsigned kEnd = 256 / kDigits.size() * kDigits.size();
  std::string digits;
  while (digits.size() < count)
    for (const unsigned char byte : random_bytes(count))
      if (byte < kEnd && digits.size() < count) digits += kDigits[byte % kDigits.size()];
  return digits;
}

std::string check_of(std::string_view text) {
  std::uint32_t number = 0;
  for (const unsigned char byte : sha256(text).substr(0, 4)) number = number << 8 | byte;
  std::string check(kCheckLength, kDigits.front());
  for (auto digit = check.rbegin(); digit != check.rend(); ++digit, number /= kDigits.size())
    *digit = kDigits[number % kDigits.size()];
  return check;
}

bool is_key_digit(char c) { return kDigits.find(c) != std::string_view::npos; }

}  // namespace

KeyText make_key_text() {
  const std::string id = random_digits(kIdLength);
  std::string text = std::string(kPrefix) + id + "_" + random_digits(kSecretLength);
  text += check_of(text);
  return {KeyId(id), std::move(text)};
}

ReadKeyText read_key_text(std::string_view text) {
  if (!text.starts_with(kPrefix)) return {};
  const std::string_view id = text.substr(kPrefix.size()).substr(0, kIdLength);
  const bool is_whole =
      text.size() == kLength && std::all_of(id.begin(), id.end(), is_key_digit) &&
      check_of(text.substr(0, kLength - kCheckLength)) == text.substr(kLength - kCheckLength);
  if (!is_whole) return {.form = ReadKeyText::Form::damaged};
  return {ReadKeyText::Form::whole, KeyId(std::string(id))};
}

std::string digest_of_key(std::string_view text) { return hex_lower(sha256(text)); }

}  // namespace muster
