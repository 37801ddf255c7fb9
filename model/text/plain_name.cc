#include "model/text/plain_name.h"

#include <algorithm>

namespace muster {
namespace {

constexpr size_t kLongestName = 64;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool may_follow(char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; }

}  // namespace

bool is_plain_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && is_letter_or_digit(text[0]) &&
         std::all_of(text.begin(), text.end(), may_follow);
}

tl::unexpected<Error> bad_plain_name(std::string_view text, const std::string& of_what,
                                     const std::string& letters) {
  const std::string shown(text.substr(0, kLongestName));
  return failure(Code::invalid, "\"" + shown + "\" cannot be the name of " + of_what,
                 "A name has 1 to 64 characters of " + letters +
                     ", 0-9, dot, underscore and hyphen, and begins with a letter or digit");
}

}  // namespace muster
