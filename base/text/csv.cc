#include "base/text/csv.h"

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

char separator_of(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  if (first.find(',') == std::string_view::npos)
    for (const char other : {';', '\t'})
      if (first.find(other) != std::string_view::npos) return other;
  return ',';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), separator_(separator_of(text)) {}

  Result<std::vector<CsvRecord>> all() {
    std::vector<CsvRecord> records;
    while (at_ < text_.size()) {
      MUSTER_TRY(auto next, record());
      const bool is_empty = next.fields.size() == 1 && next.fields[0].empty();
      if (!is_empty) records.push_back(std::move(next));
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
    take('\r');
    if (take('\n')) ++line_;
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
      if (text_[at_] == '\n') ++line_;
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

  // A carriage return alone is text.
  bool at_line_end() const {
    return text_[at_] == '\n' || (text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n'));
  }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  static std::string place(size_t line) { return "line " + std::to_string(line); }

  const std::string_view text_;
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
