#include "profile/json_cause.h"

namespace muster {
namespace {

constexpr JsonCause kUnknown = {"this is not JSON",
                                "Look for a missing or superfluous comma, or a quote that is not a plain \""};

bool is_curly_quote(std::string_view rest) {
  for (const char* quote : {"“", "”", "„", "‘", "’", "«", "»"})
    if (rest.starts_with(quote)) return true;
  return false;
}

// The last character before `offset` that is no white space; a comma counts as before the beginning.
char before(std::string_view text, size_t offset) {
  const size_t at = text.substr(0, offset).find_last_not_of(" \t\r\n");
  return at == std::string_view::npos ? ',' : text[at];
}

}  // namespace

JsonCause cause_at(std::string_view text, size_t offset) {
  const auto rest = text.substr(offset);
  if (rest.empty()) return kUnknown;
  if (rest.starts_with("\xEF\xBB\xBF"))
    return {"the text begins with a byte order mark", "Save it as UTF-8 without one"};
  if (is_curly_quote(rest)) return {"this is not a plain quote", "Write \" as programmers' editors do"};
  if (rest.starts_with("//") || rest.starts_with("/*") || rest.front() == '#')
    return {"JSON has no comments", "Remove it"};
  const char last = before(text, offset);
  if ((rest.front() == '}' || rest.front() == ']') && last == ',')
    return {"the comma before this is too many", "Remove it"};
  const bool begins_a_member = rest.front() == '"';
  if (begins_a_member && last != ',' && last != ':' && last != '{' && last != '[')
    return {"a comma is missing before this", "Write one"};
  // White space is no mistake but within a text.
  if (static_cast<unsigned char>(rest.front()) < ' ')
    return {"a text cannot contain line breaks or tabs", "Close it with a \", or write \\n for a line break"};
  if (rest.front() == '\'') return {"this is not a plain quote", "Write \" for '"};
  return kUnknown;
}

}  // namespace muster
