#include "filter/parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "filter/error.h"
#include "filter/lexer.h"
#include "filter/text.h"
#include "filter/value.h"
#include "filter/words.h"
#include "model/text/plain_name.h"

namespace muster::assign {
namespace {

using Kind = FilterExpression::Kind;

constexpr const char* kExample = "A condition is like family = iPad";

// One token is looked at, the one before is kept for messages.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), lexer_(text) {}

  Result<FilterExpression> whole() {
    MUSTER_TRY(advance());
    MUSTER_TRY(auto expression, any_of());
    if (now_.kind == Token::Kind::end) return expression;
    if (is_sign(")")) return error(now_, "unmatched `)`");
    return unexpected_after_condition("the end of the filter");
  }

 private:
  Result<FilterExpression> any_of() { return joined(Kind::any_of, "or", &Parser::all_of); }
  Result<FilterExpression> all_of() { return joined(Kind::all_of, "and", &Parser::negation); }

  Result<FilterExpression> joined(Kind kind, std::string_view keyword,
                                  Result<FilterExpression> (Parser::*part)()) {
    MUSTER_TRY(auto first, (this->*part)());
    if (!is_word(keyword)) return first;
    FilterExpression all{.kind = kind};
    all.parts.push_back(std::move(first));
    while (is_word(keyword)) {
      MUSTER_TRY(advance());
      MUSTER_TRY(auto next, (this->*part)());
      all.parts.push_back(std::move(next));
    }
    return all;
  }

  Result<FilterExpression> negation() {
    if (!is_word("not")) return primary();
    MUSTER_TRY(enter());
    MUSTER_TRY(advance());
    MUSTER_TRY(auto part, negation());
    --depth_;
    return negated(std::move(part));
  }

  Result<FilterExpression> primary() {
    if (!is_sign("(")) return condition();
    MUSTER_TRY(enter());
    const Token open = now_;
    MUSTER_TRY(advance());
    MUSTER_TRY(auto inner, any_of());
    if (now_.kind == Token::Kind::end)
      return error(now_, fmt::format("expected `)` for the `(` of {}, found the end", place(text_, open.at)));
    if (!is_sign(")")) return unexpected_after_condition("`)`");
    MUSTER_TRY(advance());
    --depth_;
    return inner;
  }

  Result<FilterExpression> condition() {
    MUSTER_TRY(const auto field, take_field());
    if (is_word("in")) return set(field);
    if (is_word("not")) {
      const Token word_not = now_;
      MUSTER_TRY(advance());
      if (is_word("in")) {
        MUSTER_TRY(auto part, set(field));
        return negated(std::move(part));
      }
      return error(word_not, fmt::format("expected an operator after {}, found `not`", shown(last_field_)),
                   fmt::format("Write `{} != ...`, or put `not` before the condition", word(field)));
    }
    FilterExpression comparison{.kind = Kind::compare, .field = field};
    if (now_.kind == Token::Kind::sign && !is_sign("(") && !is_sign(")") && !is_sign(",")) {
      MUSTER_TRY(comparison.op, take_operator(field));
      MUSTER_TRY(auto value, take_value(field, comparison.op, word(comparison.op)));
      comparison.values.push_back(std::move(value));
      return comparison;
    }
    if (type_of(field) == FilterType::flag) {
      comparison.values.emplace_back(true);
      return comparison;
    }
    return error(now_, fmt::format("expected an operator after {}, found {}", shown(last_field_), found()),
                 hint_for_operator(field, is_value() ? now_.text : ""));
  }

  Result<FilterField> take_field() {
    if (now_.kind == Token::Kind::word && !is_keyword(now_.text)) {
      const auto field = field_named(now_.text);
      if (!field) return no_field();
      last_field_ = now_.text;
      MUSTER_TRY(advance());
      return *field;
    }
    const std::string after = before_.kind == Token::Kind::end ? "" : " after " + source(before_);
    std::string hint = kExample;
    if (now_.kind == Token::Kind::list) hint = "A list is asked with `serial in @" + now_.text + "`";
    if (is_sign("!")) hint = hint_for_sign("!");
    return error(now_, fmt::format("expected a condition{}, found {}", after, found()), hint);
  }

  tl::unexpected<Error> no_field() const {
    if (now_.text.find_first_not_of('*') == std::string::npos)
      return error(now_, fmt::format("{} is not a condition", shown(now_.text)),
                   "'*', every device, is the whole filter, without spaces; leave it out here");
    return error(now_, fmt::format("there is no field {}", shown(now_.text)), hint_for_field(now_.text));
  }

  Result<FilterOperator> take_operator(FilterField field) {
    const auto op = operator_of(now_.text);
    if (!op)
      return error(now_, fmt::format("there is no operator {}", shown(now_.text)), hint_for_sign(now_.text));
    if (auto fits = check_operator(field, *op); !fits)
      return error(now_, fits.error().message, fits.error().hint);
    MUSTER_TRY(advance());
    return *op;
  }

  // After `in`: one of some values, or of a list.
  Result<FilterExpression> set(FilterField field) {
    if (type_of(field) == FilterType::flag)
      return error(now_, fmt::format("{} is true or false, and takes no `in`", shown(word(field))),
                   fmt::format("Write `{0}` or `not {0}`", word(field)));
    MUSTER_TRY(advance());
    if (now_.kind == Token::Kind::list) return list(field);
    if (is_sign("(")) return values(field);
    const std::string hint =
        is_value() ? fmt::format("Write `{} in ({})`", word(field), to_text(FilterValue(now_.text))) : "";
    return error(now_, fmt::format("expected `(` or a list like @lab after `in`, found {}", found()), hint);
  }

  Result<FilterExpression> list(FilterField field) {
    if (field != FilterField::serial)
      return error(now_, fmt::format("a list holds serial numbers, and {} is none", shown(word(field))),
                   fmt::format("Write `serial in @{}`", now_.text));
    if (now_.text.empty()) return error(now_, "expected the name of a list after `@`");
    if (!is_plain_name(now_.text)) {
      const auto bad = bad_plain_name(now_.text, "a list");
      return error(now_, bad.value().message, bad.value().hint);
    }
    FilterExpression in_list{.kind = Kind::in_list, .field = field, .list = now_.text};
    MUSTER_TRY(advance());
    return in_list;
  }

  Result<FilterExpression> values(FilterField field) {
    FilterExpression one_of{.kind = Kind::one_of, .field = field};
    do {
      MUSTER_TRY(advance());  // over the ( or the comma
      if (one_of.values.size() == kMostFilterValues)
        return error(now_, "more than 1,000 values stand in one `in (...)`",
                     "Make a list of the serial numbers, and write `serial in @NAME`");
      MUSTER_TRY(auto value, take_value(field, FilterOperator::equal, before_.text));
      one_of.values.push_back(std::move(value));
    } while (is_sign(","));
    if (is_sign(")")) {
      MUSTER_TRY(advance());
      return one_of;
    }
    const bool two_words = is_value() && before_.kind == Token::Kind::word;
    return error(now_, fmt::format("expected `,` or `)` after a value, found {}", found()),
                 two_words ? "Put a comma between values, and quotes around a value with spaces" : "");
  }

  Result<FilterValue> take_value(FilterField field, FilterOperator op, std::string_view after) {
    if (!is_value()) return no_value(field, op, after);
    ValueText given{now_.text, now_.kind == Token::Kind::quoted};
    auto value = read_value(field, op, given);
    if (!value) return error(now_, value.error().message, value.error().hint);
    MUSTER_TRY(advance());
    return value;
  }

  tl::unexpected<Error> no_value(FilterField field, FilterOperator op, std::string_view after) const {
    std::string hint;
    if (now_.kind == Token::Kind::word)
      hint = fmt::format("As a value this word needs quotes: \"{}\"", now_.text);
    else if (now_.kind == Token::Kind::list)
      hint = fmt::format("A list stands alone: `serial in @{}`", now_.text);
    else if (is_sign("(") && (op == FilterOperator::equal || op == FilterOperator::unequal) && after != "(")
      hint = fmt::format("For one of several values write `{} {}in (...)`", word(field),
                         op == FilterOperator::unequal ? "not " : "");
    return error(now_, fmt::format("expected a value after {}, found {}", shown(after), found()), hint);
  }

  tl::unexpected<Error> unexpected_after_condition(const std::string& end) const {
    std::string hint = "Put `and` or `or` between two conditions";
    const bool two_words = before_.kind == Token::Kind::word && now_.kind == Token::Kind::word;
    if (two_words && !field_named(now_.text) && !field_named(before_.text))
      hint = fmt::format("A value with spaces needs quotes: {}",
                         to_text(FilterValue(before_.text + " " + now_.text)));
    else if (is_sign(","))
      hint = fmt::format("For one of several values write `{} in (...)`", last_field_);
    else if (now_.kind == Token::Kind::sign && !is_sign("("))
      hint = hint_for_sign(now_.text);
    return error(now_, fmt::format("expected `and`, `or` or {}, found {}", end, found()), hint);
  }

  static FilterExpression negated(FilterExpression part) {
    FilterExpression outer{.kind = Kind::negation};
    outer.parts.push_back(std::move(part));
    return outer;
  }

  Result<> advance() {
    before_ = std::move(now_);
    MUSTER_TRY(now_, lexer_.next());
    return {};
  }

  Result<> enter() {
    if (++depth_ > kDeepestFilter)
      return error(now_, fmt::format("more than {} levels of parentheses and `not`", kDeepestFilter),
                   "Most need none: `not` binds closer than `and`, and `and` closer than `or`");
    return {};
  }

  bool is_word(std::string_view keyword) const {
    return now_.kind == Token::Kind::word && equals_ignoring_case(now_.text, keyword);
  }
  bool is_sign(std::string_view sign) const { return now_.kind == Token::Kind::sign && now_.text == sign; }
  bool is_value() const {
    return now_.kind == Token::Kind::quoted || (now_.kind == Token::Kind::word && !is_keyword(now_.text));
  }

  std::string source(const Token& token) const { return shown(text_.substr(token.at, token.end - token.at)); }
  std::string found() const { return now_.kind == Token::Kind::end ? "the end of the filter" : source(now_); }
  tl::unexpected<Error> error(const Token& at, const std::string& what, std::string hint = {}) const {
    return filter_error(text_, at.at, what, std::move(hint));
  }

  std::string_view text_;
  Lexer lexer_;
  Token now_;
  Token before_;
  std::string last_field_;  // as it was written
  int depth_ = 0;
};

size_t first_malformed(std::string_view text) {
  size_t at = 0;
  while (const size_t length = utf8_length(text.substr(at))) at += length;
  return at;
}

}  // namespace

Result<FilterExpression> parse_filter(std::string_view text) {
  if (text == "*") return FilterExpression{};
  if (trim(text).empty()) return failure(Code::invalid, "the filter is empty", "Use '*' for every device");
  if (text.size() > kLongestFilter)
    return failure(
        Code::invalid,
        fmt::format("the filter has {} bytes, and at most {} are possible", text.size(), kLongestFilter),
        "Make a list of the serial numbers, and write `serial in @NAME`");
  if (!is_utf8(text)) return filter_error(text, first_malformed(text), "this is not UTF-8");
  return Parser(text).whole();
}

}  // namespace muster::assign
