#include "base/log.h"

#include <unistd.h>

#include <atomic>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/rfc3339.h"

namespace muster::log {
namespace {

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

void append_value(std::string& line, std::string_view value) {
  bool plain = !value.empty();
  for (const unsigned char c : value)
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7F) plain = false;
  if (plain) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (c == '\n') {
      line += "\\n";
    } else if (c == '\t') {
      line += "\\t";
    } else if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
      line += "\\x" + hex_lower(std::string_view(&c, 1));
    } else {
      line += c;
    }
  }
  line += '"';
}

void write(Level level, std::string_view event, Fields fields) {
  if (level < minimum.load(std::memory_order_relaxed)) return;
  const std::string line =
      "ts=" + format_rfc3339_millis(SystemClock().now()) + ' ' + format_line(level, event, fields) + '\n';
  // One write a line: lines of several threads do not mix. A log that cannot be written is not worth failing
  // for.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
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
