#include "base/log/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "base/log/log_writer.h"
#include "base/text/encoding.h"
#include "base/text/utf8.h"
#include "base/time/clock.h"
#include "base/time/rfc3339.h"

namespace muster::log {
namespace {

// More than any reason that we give; what clients send may be as long as a request.
constexpr size_t kLongestValue = 500;

std::atomic<Level> minimum{Level::info};

std::string_view name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
  }
  return "error";
}

// Code points that control a terminal or the direction of text, or that end a line in some viewers: C1, the
// marks and embeddings of direction, the separators of lines and paragraphs.
bool is_hidden(char32_t c) {
  return (c >= 0x80 && c <= 0x9F) || c == 0x61C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Of a well-formed character of two bytes or three; those of four are none of the hidden ones.
char32_t code_point(std::string_view character) {
  const auto bits = [&](size_t i, unsigned mask) { return static_cast<unsigned char>(character[i]) & mask; };
  if (character.size() == 2) return bits(0, 0x1F) << 6 | bits(1, 0x3F);
  if (character.size() == 3) return bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F);
  return 0;
}

bool needs_quotes(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7F;
}

// The first character of `rest` as it is written between quotes; takes it off.
std::string take_escaped(std::string_view& rest) {
  const size_t length = utf8_length(rest);
  const std::string_view character = rest.substr(0, std::max<size_t>(length, 1));
  rest.remove_prefix(character.size());
  const char c = character[0];
  if (length > 1) {
    const char32_t point = code_point(character);
    return is_hidden(point) ? fmt::format("\\u{:04x}", static_cast<unsigned>(point)) : std::string(character);
  }
  if (c == '"' || c == '\\') return {'\\', c};
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  const bool is_readable = length == 1 && static_cast<unsigned char>(c) >= ' ' && c != 0x7F;
  return is_readable ? std::string(character) : "\\x" + hex_lower(character);
}

void append_value(std::string& line, std::string_view value) {
  std::string cut;
  if (value.size() > kLongestValue) {
    const std::string_view kept = utf8_prefix(value, kLongestValue);
    cut = fmt::format("{}... ({} bytes more)", kept, value.size() - kept.size());
    value = cut;
  }
  std::string written;
  for (std::string_view rest = value; !rest.empty();) written += take_escaped(rest);
  const bool is_plain =
      !value.empty() && written == value && std::none_of(value.begin(), value.end(), needs_quotes);
  line += is_plain ? written : '"' + written + '"';
}

void write(Level level, std::string_view event, Fields fields) {
  if (level < minimum.load(std::memory_order_relaxed)) return;
  put_line("ts=" + format_rfc3339_millis(SystemClock().now()) + ' ' + format_line(level, event, fields) +
           '\n');
}

}  // namespace

void set_level(Level level) { minimum = level; }

std::string format_line(Level level, std::string_view event, Fields fields) {
  std::string line = "level=";
  line += name(level);
  line += " event=";
  line += event;
  for (const auto& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    append_value(line, field.value);
  }
  return line;
}

void debug(std::string_view event, Fields fields) { write(Level::debug, event, fields); }
void info(std::string_view event, Fields fields) { write(Level::info, event, fields); }
void warn(std::string_view event, Fields fields) { write(Level::warn, event, fields); }
void error(std::string_view event, Fields fields) { write(Level::error, event, fields); }

}  // namespace muster::log
