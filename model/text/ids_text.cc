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

constexpr size_t kUuidDigits = 32;

// The text without what is written around a UUID.
std::string_view unwrapped(std::string_view text) {
  constexpr std::string_view kUrn = "urn:uuid:";
  constexpr std::string_view kMarks[] = {"{", "}", "\"", "'", "“", "”", "‘", "’", "`"};
  text = trim_pasted(text);
  for (bool again = true; again;) {
    again = false;
    for (const auto mark : kMarks) {
      if (text.starts_with(mark)) text.remove_prefix(mark.size()), again = true;
      if (text.ends_with(mark)) text.remove_suffix(mark.size()), again = true;
    }
    if (equals_ignoring_case(text.substr(0, kUrn.size()), kUrn))
      text.remove_prefix(kUrn.size()), again = true;
    text = trim_pasted(text);
  }
  return text;
}

// Without hyphens, and the dashes that word processors make of them: U+2010..U+2015 and U+2212.
std::string without_dashes(std::string_view text) {
  std::string rest;
  for (size_t i = 0; i < text.size();) {
    const auto three = text.substr(i, 3);
    if (text[i] == '-')
      ++i;
    else if ((three >= "\u2010" && three <= "\u2015") || three == "\u2212")
      i += 3;
    else
      rest += text[i++];
  }
  return rest;
}

}  // namespace

std::string_view trim_pasted(std::string_view text) {
  const auto is_bare = [&] { return is_visible_ascii(text.front()) && is_visible_ascii(text.back()); };
  if (!text.empty() && is_bare()) return text;
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

std::vector<std::string> split_pasted(std::string_view text) {
  std::vector<std::string> entries(1);
  constexpr std::string_view kSeparators = ",; \t\r\n\v\f\"";
  constexpr std::string_view kQuotes[] = {"“", "”", "„", "«", "»"};
  while (!text.empty()) {
    size_t length = 1;
    bool separates = kSeparators.find(text[0]) != std::string_view::npos, is_dropped = false;
    for (const size_t size : {size_t{2}, size_t{3}}) {
      const auto character = text.substr(0, size);
      if (character.size() < size) continue;
      const bool is_quote = std::find(std::begin(kQuotes), std::end(kQuotes), character) != std::end(kQuotes);
      if (!is_invisible(character) && !is_quote) continue;
      length = size;
      is_dropped =
          (character >= "\u200B" && character <= "\u200F") || character == "\uFEFF" || character == "\u2060";
      separates = !is_dropped;
    }
    if (separates && !entries.back().empty())
      entries.emplace_back();
    else if (!separates && !is_dropped)
      entries.back() += text.substr(0, length);
    text.remove_prefix(length);
  }
  if (entries.back().empty()) entries.pop_back();
  return entries;
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
  if (std::all_of(trimmed.begin(), trimmed.end(), is_hex)) return ProfileUuid(to_upper(trimmed));
  const std::string bare = without_dashes(unwrapped(trimmed));
  const bool has_dashes = bare.size() != unwrapped(trimmed).size();
  const bool is_uuid = !bare.empty() && std::all_of(bare.begin(), bare.end(), is_hex);
  if (!is_uuid || (has_dashes && bare.size() != kUuidDigits)) return ProfileUuid(std::string(trimmed));
  return ProfileUuid(to_upper(bare));
}

bool is_profile_uuid(std::string_view text) {
  return !text.empty() && text.size() <= kUuidDigits && std::all_of(text.begin(), text.end(), is_hex);
}

}  // namespace muster
