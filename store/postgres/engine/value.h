// Values on their way into PostgreSQL and out of it, in its binary form: integers in network order, texts as
// they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/strong.h"
#include "base/time/clock.h"

namespace muster::postgres {

/// PostgreSQL's numbers of its types (pg_type.dat), which never change.
enum class Type : unsigned { boolean = 16, bigint = 20, text = 25, text_array = 1009, bigint_array = 1016 };

void append_number(std::string& bytes, std::int32_t number);
void append_number(std::string& bytes, std::int64_t number);

/// What a value is for PostgreSQL: std::int64_t or std::string_view; std::optional of it for what may be
/// missing.
template <class Integer>
requires std::is_integral_v<Integer> || std::is_enum_v<Integer> std::int64_t plain(Integer value) {
  return static_cast<std::int64_t>(value);
}
inline std::int64_t plain(Time value) { return to_millis(value); }
inline std::int64_t plain(Millis value) { return value.count(); }
inline std::string_view plain(std::string_view value) { return value; }
inline std::string_view plain(const std::string& value) { return value; }
inline std::string_view plain(const char* value) { return value; }
template <class Tag>
std::string_view plain(const Strong<Tag>& value) {
  return value.str();
}
template <class T>
auto plain(const std::optional<T>& value) -> std::optional<decltype(plain(*value))> {
  if (!value) return std::nullopt;
  return plain(*value);
}

/// A parameter: its type and its bytes.
struct Value {
  Type type;
  std::string bytes;
  bool is_null = false;
};

inline Value encode(std::int64_t number) {
  Value value{Type::bigint, {}, false};
  append_number(value.bytes, number);
  return value;
}
inline Value encode(std::string_view text) { return {Type::text, std::string(text), false}; }
template <class T>
Value encode(const std::optional<T>& value) {
  if (value) return encode(*value);
  return {std::is_same_v<T, std::int64_t> ? Type::bigint : Type::text, {}, true};
}

/// An array under construction, element by element.
class ArrayBuilder {
 public:
  ArrayBuilder(Type element, size_t count);
  void add(std::int64_t number);
  void add(std::string_view text);
  template <class T>
  void add(const std::optional<T>& value) {
    value ? add(*value) : add_null();
  }
  Value take() { return std::move(array_); }

 private:
  void add_null();
  Value array_;
};

/// A column of rows in memory, for unnest() or = ANY(): of each element of the range what `of` gives.
template <class Range, class Of>
Value column(const Range& range, Of&& of) {
  using Plain = std::decay_t<decltype(plain(of(*std::begin(range))))>;
  constexpr bool kIsNumber =
      std::is_same_v<Plain, std::int64_t> || std::is_same_v<Plain, std::optional<std::int64_t>>;
  ArrayBuilder array(kIsNumber ? Type::bigint : Type::text, std::size(range));
  for (const auto& element : range) {
    const auto& value = of(element);
    array.add(plain(value));
  }
  return array.take();
}
/// The elements themselves.
template <class Range>
Value column(const Range& range) {
  return column(
      range, [](const auto& element) -> const auto& { return element; });
}

/// The parameters $1, $2, ... of a statement.
using Values = std::vector<Value>;

inline void add_value(Values& values, Value value) { values.push_back(std::move(value)); }
template <class T>
void add_value(Values& values, const T& value) {
  values.push_back(encode(plain(value)));
}
template <class... Ts>
Values values_of(const Ts&... given) {
  Values values;
  values.reserve(sizeof...(given));
  (add_value(values, given), ...);
  return values;
}

}  // namespace muster::postgres
