// The text of a statement that stays prepared.
#pragma once

#include <string_view>

namespace muster::sqlite {

/// Only what is known when the program is compiled: a statement is found again by the place of its text.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}  // NOLINT(google-explicit-constructor)
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace muster::sqlite
