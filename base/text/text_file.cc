#include "base/text/text_file.h"

#include <optional>
#include <string_view>

namespace muster {
namespace {

using namespace std::string_view_literals;

enum class Order { little, big };

void append_utf8(std::string& text, char32_t code) {
  const auto add = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | (code >> 6));
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | (code >> 12));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | (code >> 18));
    add(0x80 | ((code >> 12) & 0x3F));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

// The order of the bytes of UTF-16 without a mark: ASCII has a zero byte in every pair.
std::optional<Order> order_without_mark(std::string_view bytes) {
  constexpr size_t kLookedAt = 64;
  const auto beginning = bytes.substr(0, kLookedAt);
  if (beginning.size() < 4 || bytes.size() % 2 != 0) return {};
  size_t first = 0, second = 0;
  for (size_t i = 0; i + 1 < beginning.size(); i += 2) {
    first += beginning[i] == '\0';
    second += beginning[i + 1] == '\0';
  }
  const size_t most = beginning.size() / 2 * 3 / 4;  // of the pairs
  if (second > most && first == 0) return Order::little;
  if (first > most && second == 0) return Order::big;
  return {};
}

Result<std::string> from_utf16(std::string_view bytes, Order order) {
  const auto damaged = [] {
    return failure(Code::invalid, "the file is UTF-16 and is damaged", "Save it as UTF-8");
  };
  if (bytes.size() % 2 != 0) return damaged();
  const auto unit = [&](size_t at) {
    const auto one = static_cast<unsigned char>(bytes[at]), other = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(order == Order::little ? one | (other << 8) : (one << 8) | other);
  };
  std::string text;
  for (size_t at = 0; at < bytes.size(); at += 2) {
    char32_t code = unit(at);
    if (code >= 0xD800 && code < 0xE000) {
      const char32_t low = code < 0xDC00 && at + 3 < bytes.size() ? unit(at + 2) : 0;
      if (low < 0xDC00 || low >= 0xE000) return damaged();
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    append_utf8(text, code);
  }
  return text;
}

}  // namespace

Result<std::string> text_of_file(std::string bytes) {
  const std::string_view all = bytes;
  if (all.starts_with("\xFF\xFE\0\0"sv) || all.starts_with("\0\0\xFE\xFF"sv))
    return failure(Code::invalid, "the file is UTF-32", "Save it as UTF-8");
  if (all.starts_with("\xEF\xBB\xBF"sv)) return std::string(all.substr(3));
  if (all.starts_with("\xFF\xFE"sv)) return from_utf16(all.substr(2), Order::little);
  if (all.starts_with("\xFE\xFF"sv)) return from_utf16(all.substr(2), Order::big);
  if (const auto order = order_without_mark(all)) return from_utf16(all, *order);
  return bytes;
}

}  // namespace muster
