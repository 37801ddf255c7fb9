#include "store/postgres/engine/value.h"

namespace muster::postgres {
namespace {

template <class Number>
void append(std::string& bytes, Number number) {
  const auto bits = static_cast<std::make_unsigned_t<Number>>(number);
  for (int shift = 8 * (static_cast<int>(sizeof(Number)) - 1); shift >= 0; shift -= 8)
    bytes += static_cast<char>((bits >> shift) & 0xFF);
}

constexpr size_t kUsualElement = 20;  // bytes, with its length

}  // namespace

void append_number(std::string& bytes, std::int32_t number) { append(bytes, number); }
void append_number(std::string& bytes, std::int64_t number) { append(bytes, number); }

// PostgreSQL's array_recv: dimensions, whether nulls may be there, the element's type, and the one
// dimension's size and first index; then each element behind its length.
ArrayBuilder::ArrayBuilder(Type element, size_t count)
    : array_{element == Type::bigint ? Type::bigint_array : Type::text_array, {}, false} {
  array_.bytes.reserve(20 + count * kUsualElement);
  append_number(array_.bytes, std::int32_t{count == 0 ? 0 : 1});
  append_number(array_.bytes, std::int32_t{1});
  append_number(array_.bytes, static_cast<std::int32_t>(element));
  if (count == 0) return;
  append_number(array_.bytes, static_cast<std::int32_t>(count));
  append_number(array_.bytes, std::int32_t{1});
}

void ArrayBuilder::add(std::int64_t number) {
  append_number(array_.bytes, std::int32_t{sizeof number});
  append_number(array_.bytes, number);
}

void ArrayBuilder::add(std::string_view text) {
  append_number(array_.bytes, static_cast<std::int32_t>(text.size()));
  array_.bytes += text;
}

void ArrayBuilder::add_null() { append_number(array_.bytes, std::int32_t{-1}); }

}  // namespace muster::postgres
