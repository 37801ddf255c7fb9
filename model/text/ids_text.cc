#include "model/text/ids_text.h"

#include <algorithm>
#include <string>

#include "base/text/strings.h"

namespace muster {
namespace {

constexpr size_t kLongestSerial = 64;  // Apple's have 8 to 17 characters, depsim's 18

bool is_visible_ascii(char c) { return c > ' ' && c <= '~'; }

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Whether one character, in UTF-8, is a space or cannot be seen.
bool is_invisible(std::string_view character) {
  if (character.size() == 2) return character == "\u00A0";
  const auto is_from_to = [&](std::string_view first, std::string_view last) {
    return character >= first && character <= last;
  };
  return is_from_to("\u2000", "\u200F") ||  // spaces, zero-width characters, direction marks
         is_from_to("\u2028", "\u202F") || is_from_to("\u2060", "\u2069") || character == "\u3000" ||
         character == "\uFEFF";
}

// 8-4-4-4-12 hex digits.
bool is_dashed_uuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(),
                    [](char c, char form) { return form == 'x' ? is_hex(c) : c == form; });
}

}  // namespace

std::string_view trim_pasted(std::string_view text) {
  for (;;) {
    const size_t before = text.size();
    text = trim(text);
    for (const size_t length : {2, 3}) {
      if (text.size() >= length && is_invisible(text.substr(0, length))) text.remove_prefix(length);
      if (text.size() >= length && is_invisible(text.substr(text.size() - length)))
        text.remove_suffix(length);
    }
    if (text.size() == before) return text;
  }
}

std::optional<Serial> read_serial(std::string_view text) {
  const auto trimmed = trim_pasted(text);
  if (trimmed.empty() || trimmed.size() > kLongestSerial) return std::nullopt;
  if (!std::all_of(trimmed.begin(), trimmed.end(), is_visible_ascii)) return std::nullopt;
  return Serial(to_upper(trimmed));
}

std::optional<ProfileUuid> read_profile_uuid(std::string_view text) {
  const auto trimmed = trim_pasted(text);
  if (trimmed.empty()) return std::nullopt;
  const bool is_dashed = is_dashed_uuid(trimmed);
  if (!is_dashed && !std::all_of(trimmed.begin(), trimmed.end(), is_hex))
    return ProfileUuid(std::string(trimmed));
  std::string uuid = to_upper(trimmed);
  if (is_dashed) std::erase(uuid, '-');
  return ProfileUuid(std::move(uuid));
}

}  // namespace muster
