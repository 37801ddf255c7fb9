// Values on their way into SQLite: bound to a statement, or given as a column of rows in memory (given.h).
// Nothing is copied: a value must outlive the statement's run.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/strong.h"
#include "base/time/clock.h"

namespace muster::sqlite {

/// A parameter of a statement, from 1.
class Parameter {
 public:
  Parameter(sqlite3_stmt* statement, int index) : statement_(statement), index_(index) {}
  void integer(std::int64_t value) const { sqlite3_bind_int64(statement_, index_, value); }
  void text(std::string_view value) const {
    sqlite3_bind_text(statement_, index_, value.data() ? value.data() : "", static_cast<int>(value.size()),
                      SQLITE_STATIC);
  }
  void null() const { sqlite3_bind_null(statement_, index_); }

 private:
  sqlite3_stmt* statement_;
  int index_;
};

/// A column of a row that a virtual table gives.
class Column {
 public:
  explicit Column(sqlite3_context* context) : context_(context) {}
  void integer(std::int64_t value) const { sqlite3_result_int64(context_, value); }
  void text(std::string_view value) const {
    sqlite3_result_text(context_, value.data() ? value.data() : "", static_cast<int>(value.size()),
                        SQLITE_STATIC);
  }
  void null() const {}  // what a column is by itself

 private:
  sqlite3_context* context_;
};

template <class To, class Integer>
requires std::is_integral_v<Integer> || std::is_enum_v<Integer>
void put(To to, Integer value) { to.integer(static_cast<std::int64_t>(value)); }

template <class To>
void put(To to, std::string_view value) {
  to.text(value);
}
template <class To, class Tag>
void put(To to, const Strong<Tag>& value) {
  to.text(value.str());
}
template <class To>
void put(To to, Time value) {
  to.integer(to_millis(value));
}
template <class To, class T>
void put(To to, const std::optional<T>& value) {
  if (value)
    put(to, *value);
  else
    to.null();
}

}  // namespace muster::sqlite
