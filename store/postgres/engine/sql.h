// The text of a statement that stays prepared.
#pragma once

#include <string_view>

/// Ends the sub-select of
/// `FROM unnest(...) AS given CROSS JOIN LATERAL (SELECT ... WHERE account = $1 AND serial = given.serial`:
/// the planner keeps the order, and looks each row up by its index. As a plain join it reads all rows of the
/// account and compares each with each when it planned while the table was empty: 0.8 s for a page of 1,000
/// among 20,000 devices.
#define EACH_BY_INDEX "OFFSET 0"

namespace muster::postgres {

/// Only what is known when the program is compiled: a statement is found again by the place of its text.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}  // NOLINT(google-explicit-constructor)
  constexpr std::string_view text() const { return text_; }
  constexpr const char* c_str() const { return text_.data(); }

 private:
  std::string_view text_;
};

}  // namespace muster::postgres
