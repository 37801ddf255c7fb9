// The words and signs of a filter, one by one.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::assign {

struct Token {
  enum class Kind {
    word,    ///< a field, a keyword or a bare value
    quoted,  ///< a value in quotes; text is what the quotes hold
    list,    ///< @name; text is the name
    sign,    ///< a run of = ! ~ < > & |, or one of ( ) ,
    end,
  };
  Kind kind = Kind::end;
  std::string text{};
  size_t at = 0;   ///< where it begins in the filter, in bytes
  size_t end = 0;  ///< behind its last byte
};

/// Whether it is `and`, `or`, `not` or `in`, in either case.
bool is_keyword(std::string_view word);

class Lexer {
 public:
  /// `text` must be UTF-8 and outlive the lexer.
  explicit Lexer(std::string_view text) : text_(text) {}

  /// The next token; at the end of the text Kind::end, again and again.
  Result<Token> next();

 private:
  Result<Token> quoted(char quote);
  Token take(Token::Kind kind, size_t length);

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace muster::assign
