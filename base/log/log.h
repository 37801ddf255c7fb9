// The log: one line an event on standard error, in logfmt, with an event name that docs/log.md lists.
//
//   log::info("sync.done", {{"account", name}, {"devices", 25}});
//   ts=2026-11-23T09:00:00.000Z level=info event=sync.done account=default devices=25
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace muster::log {

enum class Level { debug, info, warn, error };

struct Field {
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(v) {}
  Field(std::string_view k, bool v) : key(k), value(v ? "true" : "false") {}
  template <std::integral T>
  Field(std::string_view k, T v) : key(k), value(std::to_string(v)) {}

  std::string_view key;
  std::string value;
};
using Fields = std::initializer_list<Field>;

/// Lines below `level` are dropped. Info to begin with.
void set_level(Level level);

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warn(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

/// One logfmt line without time and newline, as written: values are quoted where they need it, so that
/// nothing from outside can forge a line or what a terminal shows of it. Control characters (C1, too), marks
/// of direction, separators of lines and bytes that are no UTF-8 are escaped. Of a value of more than 500
/// bytes the beginning is written, and how many are missing.
std::string format_line(Level level, std::string_view event, Fields fields);

}  // namespace muster::log
