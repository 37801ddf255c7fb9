// Apple's error codes: what each means, and the message and remedy for operators (apple-dep-api.md section
// 2.6).
#pragma once

#include <span>
#include <string_view>

#include "apple/answers/failure.h"

namespace muster::apple {

struct WordMeaning {
  std::string_view word;  ///< as Apple spells it
  Failure failure;
  std::string_view
      says;  ///< for users, the word follows in parentheses; "" when the general sentence is best
  std::string_view hint;  ///< what to do; "" when there is nothing more to say
};

std::span<const WordMeaning> word_table();

/// How an operator gets a new token and gives it to us.
extern const char* const kNewTokenRemedy;

/// The row of `word`, whatever its case; null when nobody knows it.
const WordMeaning* find_word(std::string_view word);

}  // namespace muster::apple
