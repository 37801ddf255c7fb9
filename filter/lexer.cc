#include "filter/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "filter/error.h"

namespace muster::assign {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kOperatorSigns = "=!~<>&|";
// Beside letters, digits and what is not ASCII. @ may not be the first: that is a list.
constexpr std::string_view kWordSigns = "-_.:*?+/%#$@";

// Characters that look like quotes or spaces, and came along from a document or a web page.
struct LookAlike {
  std::string_view character;
  const char* name;
  const char* remedy;
};
constexpr const char* kPlainQuotes = "Use the plain quote \"";
constexpr const char* kPlainSpace = "Replace it by a plain space";
constexpr std::array kLookAlikes = {
    LookAlike{"`", "a backtick", kPlainQuotes},
    LookAlike{"\u2018", "a typographic quote", kPlainQuotes},
    LookAlike{"\u2019", "a typographic quote", kPlainQuotes},
    LookAlike{"\u201A", "a typographic quote", kPlainQuotes},
    LookAlike{"\u201C", "a typographic quote", kPlainQuotes},
    LookAlike{"\u201D", "a typographic quote", kPlainQuotes},
    LookAlike{"\u201E", "a typographic quote", kPlainQuotes},
    LookAlike{"\u00AB", "a typographic quote", kPlainQuotes},
    LookAlike{"\u00BB", "a typographic quote", kPlainQuotes},
    LookAlike{"\u00A0", "a no-break space", kPlainSpace},
    LookAlike{"\u202F", "a no-break space", kPlainSpace},
    LookAlike{"\u200B", "an invisible space", kPlainSpace},
    LookAlike{"\uFEFF", "an invisible byte order mark", "Delete it"},
};

const LookAlike* look_alike_at(std::string_view text) {
  const auto found = std::find_if(kLookAlikes.begin(), kLookAlikes.end(),
                                  [&](const LookAlike& known) { return text.starts_with(known.character); });
  return found == kLookAlikes.end() ? nullptr : &*found;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Bytes of the character at the front when it may stand in a bare word, else 0.
size_t word_character(std::string_view text) {
  if (text.empty()) return 0;
  const char c = text[0];
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return 1;
  if (static_cast<unsigned char>(c) < 0x80) return kWordSigns.find(c) == std::string_view::npos ? 0 : 1;
  const bool is_c1_control = c == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;
  return is_c1_control || look_alike_at(text) ? 0 : utf8_length(text);
}

size_t word_length(std::string_view text) {
  size_t length = 0;
  while (const size_t more = word_character(text.substr(length))) length += more;
  return length;
}

tl::unexpected<Error> stray_character(std::string_view filter, size_t at) {
  const std::string_view rest = filter.substr(at);
  if (const auto* known = look_alike_at(rest))
    return filter_error(filter, at, fmt::format("{} stands here", known->name), known->remedy);
  const size_t length = utf8_length(rest);
  if (is_control(rest[0]) || rest[0] == '\xC2')
    return filter_error(filter, at,
                        fmt::format("a control character (U+{:04X}) stands here",
                                    static_cast<unsigned char>(rest[length - 1])),
                        "Delete it");
  return filter_error(filter, at, "unexpected " + shown(rest.substr(0, length)),
                      "Put a value with such a character in quotes: \"...\"");
}

}  // namespace

bool is_keyword(std::string_view word) {
  for (const char* keyword : {"and", "or", "not", "in"})
    if (equals_ignoring_case(word, keyword)) return true;
  return false;
}

Token Lexer::take(Token::Kind kind, size_t length) {
  Token token{kind, std::string(text_.substr(at_, length)), at_, at_ + length};
  at_ += length;
  return token;
}

Result<Token> Lexer::next() {
  at_ = std::min(text_.find_first_not_of(kSpace, at_), text_.size());
  if (at_ == text_.size()) return Token{Token::Kind::end, {}, at_, at_};
  const std::string_view rest = text_.substr(at_);
  const char first = rest[0];
  if (first == '(' || first == ')' || first == ',') return take(Token::Kind::sign, 1);
  if (const size_t signs = std::min(rest.find_first_not_of(kOperatorSigns), rest.size()); signs > 0)
    return take(Token::Kind::sign, signs);
  if (first == '"' || first == '\'') return quoted(first);
  if (first == '@') {
    auto list = take(Token::Kind::list, 1 + word_length(rest.substr(1)));
    list.text.erase(0, 1);
    return list;
  }
  if (const size_t length = word_length(rest)) return take(Token::Kind::word, length);
  return stray_character(text_, at_);
}

Result<Token> Lexer::quoted(char quote) {
  Token token{Token::Kind::quoted, {}, at_, at_};
  for (size_t i = at_ + 1; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == quote) {
      token.end = at_ = i + 1;
      return token;
    }
    if (c == '\n' || c == '\r') break;
    if (is_control(c)) return stray_character(text_, i);
    if (c != '\\') {
      token.text += c;
      continue;
    }
    const char escaped = i + 1 < text_.size() ? text_[i + 1] : '\0';
    if (escaped != '"' && escaped != '\'' && escaped != '\\')
      return filter_error(text_, i, "unexpected `\\` within quotes",
                          R"(Write \\ for a backslash, and \" for a quote)");
    token.text += escaped;
    ++i;
  }
  return filter_error(
      text_, at_, "the quote that begins here has no end on its line",
      quote == '"' ? R"(Close it with ")" : R"(Close it with ', or put a value that has one within "...")");
}

}  // namespace muster::assign
