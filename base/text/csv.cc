#include "base/text/csv.h"

#include <algorithm>
#include <optional>

#include "base/text/strings.h"

namespace muster {
namespace {

std::string csv_field(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

constexpr std::string_view kSeparators = ",;\t|";
constexpr size_t kLinesLookedAt = 20;  // enough to outvote titles above the header

// How many of the first lines have the separator outside of quotes.
size_t lines_with(char separator, std::string_view text) {
  size_t found = 0, lines = 0;
  bool quoted = false, has_it = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == separator) has_it = true;
    if (c != '\n' && c != '\r') continue;
    found += has_it;
    has_it = false;
    if (++lines == kLinesLookedAt) return found;
  }
  return found + has_it;
}

char separator_of(std::string_view text) {
  char best = ',';
  size_t most = 0;
  for (const char separator : kSeparators)
    if (const size_t lines = lines_with(separator, text); lines > most) {
      best = separator;
      most = lines;
    }
  return best;
}

// The separator that a first line `sep=;` names.
std::optional<char> named_separator(std::string_view text) {
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.size() > 1 && line.starts_with('"') && line.ends_with('"')) line = line.substr(1, line.size() - 2);
  constexpr std::string_view kMark = "sep=";
  if (line.size() != kMark.size() + 1 || !equals_ignoring_case(line.substr(0, kMark.size()), kMark))
    return {};
  return line.back();
}

class Reader {
 public:
  explicit Reader(std::string_view text)
      : text_(text), named_(named_separator(text)), separator_(named_ ? *named_ : separator_of(text)) {}

  Result<std::vector<CsvRecord>> all() {
    std::vector<CsvRecord> records;
    if (named_) skip_line();
    while (at_ < text_.size()) {
      MUSTER_TRY(auto next, record());
      const bool has_text = std::any_of(next.fields.begin(), next.fields.end(),
                                        [](const std::string& field) { return !field.empty(); });
      if (has_text) records.push_back(std::move(next));
    }
    return records;
  }

 private:
  Result<CsvRecord> record() {
    CsvRecord record{.fields = {}, .line = line_};
    do {
      MUSTER_TRY(auto next, field());
      record.fields.push_back(std::move(next));
    } while (take(separator_));
    take_line_end();
    return record;
  }

  Result<std::string> field() {
    if (take('"')) return quoted();
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != separator_ && !at_line_end()) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  Result<std::string> quoted() {
    const size_t line = line_;
    std::string field;
    for (; at_ < text_.size(); ++at_) {
      if (begins_line(at_)) ++line_;
      if (text_[at_] != '"') {
        field += text_[at_];
        continue;
      }
      ++at_;
      if (at_ < text_.size() && text_[at_] == '"') {
        field += '"';
        continue;
      }
      if (at_ == text_.size() || text_[at_] == separator_ || at_line_end()) return field;
      return failure(Code::invalid, place(line_) + ": text after the closing quote of a field",
                     "Write a quote inside a quoted field as \"\"");
    }
    return failure(Code::invalid, place(line) + ": the quote that starts here is not closed",
                   "Write a quote inside a quoted field as \"\"");
  }

  bool at_line_end() const { return text_[at_] == '\n' || text_[at_] == '\r'; }
  // Whether a line ends with the character at `at`, of a CRLF with the second one.
  bool begins_line(size_t at) const {
    return text_[at] == '\n' || (text_[at] == '\r' && (at + 1 == text_.size() || text_[at + 1] != '\n'));
  }
  void take_line_end() {
    const bool is_return = take('\r');
    if (take('\n') || is_return) ++line_;
  }
  void skip_line() {
    while (at_ < text_.size() && !at_line_end()) ++at_;
    take_line_end();
  }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  static std::string place(size_t line) { return "line " + std::to_string(line); }

  const std::string_view text_;
  const std::optional<char> named_;
  const char separator_;
  size_t at_ = 0;
  size_t line_ = 1;
};

// Behind the apostrophes that it has in front, if any.
bool is_formula(std::string_view text) {
  constexpr std::string_view kBegins = "=+-@\t\r\n";
  const size_t first = text.find_first_not_of('\'');
  return first != std::string_view::npos && kBegins.find(text[first]) != std::string_view::npos;
}

}  // namespace

Result<std::vector<CsvRecord>> parse_csv(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return Reader(text).all();
}

std::string mark_as_text(std::string text) {
  if (is_formula(text)) text.insert(0, 1, '\'');
  return text;
}

std::string_view without_text_mark(std::string_view text) {
  if (text.starts_with('\'') && is_formula(text)) text.remove_prefix(1);
  return text;
}

std::string csv_record(const std::vector<std::string>& fields) {
  std::string record;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) record += ',';
    record += csv_field(fields[i]);
  }
  return record + "\r\n";
}

}  // namespace muster
