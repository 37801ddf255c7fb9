#include "model/text/serial_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "model/text/ids_text.h"

namespace muster {
namespace {

constexpr size_t kLongestCell = 64;       // bytes of a cell
constexpr size_t kMostShown = 20;         // columns
constexpr size_t kLinesAboveHeader = 10;  // titles, dates, addresses of a report

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

// The ASCII letters and digits, in lower case: `Device Serial-No.` is `deviceserialno`, `Numéro de série`
// `numrodesrie`.
std::string bare_name(std::string_view cell) {
  std::string bare;
  for (const char c : cell)
    if (is_letter(c) || is_digit(c)) bare += to_lower(c);
  return bare;
}

// What inventories call the column, as bare_name() gives it; accented letters are left out, or written as two
// characters.
constexpr std::string_view kKnownNames[] = {
    "serial",
    "serials",
    "serialnumber",
    "serialnumbers",
    "serialno",
    "serialnr",
    "serialnum",
    "sn",
    "snr",
    "deviceserial",
    "deviceserialnumber",
    "deviceserialno",
    "hardwareserialnumber",
    "appleserialnumber",
    "computerserialnumber",
    "machineserialnumber",
    "noteserial",
    "seriennummer",
    "seriennr",
    "gerteseriennummer",
    "geraeteseriennummer",  // German
    "numrodesrie",
    "numerodeserie",
    "ndesrie",
    "ndeserie",
    "nosrie",
    "noserie",  // French
    "nmerodeserie",
    "nserie",
    "nsrie",        // Spanish
    "nmerodesrie",  // Portuguese
    "numerodiserie",
    "numeroseriale",
    "seriale",
    "matricola",  // Italian
    "serienummer",
    "serienr",
    "serienummeret",  // Dutch, Swedish, Norwegian, Danish
    "sarjanumero",    // Finnish
    "numerseryjny",
    "nrseryjny",  // Polish
    "sriovslo",
    "serioveciislo",
    "seriovecislo",
    "vrobnslo",  // Czech, Slovak
    "sorozatszm",
    "sorozatszam",
    "gyriszm",  // Hungarian
    "serinumaras",
    "serinumarasi",
    "serino",  // Turkish
};
// Names without Latin letters, as they are written.
constexpr std::string_view kKnownWords[] = {
    "シリアル番号",   "製造番号",          "シリアル",       "序列号",         "序列號",
    "일련 번호",      "일련번호",          "Серийный номер", "серийный номер", "Серийный №",
    "Серійний номер", "Σειριακός αριθμός", "מספר סידורי",    "الرقم التسلسلي",
};

bool is_known_name(std::string_view cell) {
  const auto text = trim_pasted(cell);
  if (text.size() > kLongestCell) return false;
  if (std::find(std::begin(kKnownWords), std::end(kKnownWords), text) != std::end(kKnownWords)) return true;
  const std::string bare = bare_name(text);
  return std::find(std::begin(kKnownNames), std::end(kKnownNames), bare) != std::end(kKnownNames);
}

bool may_be_in_serial(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

// As Apple's look, more or less: letters and digits, some of each.
bool looks_like_serial(std::string_view cell) {
  constexpr size_t kShortest = 4;
  const auto serial = serial_in_cell(cell);
  if (!serial || serial->str().size() < kShortest) return false;
  const std::string& text = serial->str();
  return has_digit(text) && std::any_of(text.begin(), text.end(), is_letter) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

size_t width_of(const std::vector<CsvRecord>& records) {
  size_t width = 0;
  for (const auto& record : records) {
    size_t used = record.fields.size();
    while (used > 0 && trim_pasted(record.fields[used - 1]).empty()) --used;
    width = std::max(width, used);
  }
  return width;
}

// Whether every row that has anything in the column looks like a serial number there.
bool column_looks_like_serials(const std::vector<CsvRecord>& records, size_t column) {
  bool any = false;
  for (const auto& record : records) {
    if (column >= record.fields.size() || trim_pasted(record.fields[column]).empty()) continue;
    if (!looks_like_serial(record.fields[column])) return false;
    any = true;
  }
  return any;
}

std::string shown(const std::string& cell) { return "\"" + cut_utf8(trim_pasted(cell), kLongestCell) + "\""; }

std::string list_of(const CsvRecord& record, bool numbered) {
  std::string list;
  for (size_t i = 0; i < record.fields.size() && i < kMostShown; ++i)
    list += fmt::format("{}{}{}", i ? ", " : "", numbered ? std::to_string(i + 1) + ": " : "",
                        shown(record.fields[i]));
  return list + (record.fields.size() > kMostShown ? ", ..." : "");
}

class Finder {
 public:
  Finder(std::vector<CsvRecord> records, Shape shape, QuoteRows quote)
      : records_(std::move(records)), shape_(shape), quote_(quote) {}

  Result<SerialTable> named(std::string_view column) {
    column = trim_pasted(column);
    for (size_t i = 0; i < std::min(records_.size(), kLinesAboveHeader); ++i)
      for (size_t place = 0; place < records_[i].fields.size(); ++place)
        if (same_name(records_[i].fields[place], column)) return below(i, place);
    size_t number = 0;
    const auto [end, error] = std::from_chars(column.data(), column.data() + column.size(), number);
    if (error == std::errc() && end == column.data() + column.size() && number >= 1 &&
        number <= width_of(records_))
      return numbered(number - 1);
    const auto& first = *std::max_element(
        records_.begin(),
        records_.begin() + static_cast<std::ptrdiff_t>(std::min(records_.size(), kLinesAboveHeader)),
        [](const CsvRecord& one, const CsvRecord& other) { return one.fields.size() < other.fields.size(); });
    return failure(Code::invalid,
                   fmt::format("the file has no column \"{}\"{}", column,
                               quote_ == QuoteRows::yes ? fmt::format(". Line {} has the columns {}",
                                                                      first.line, list_of(first, false))
                                                        : ""),
                   "Name a column of the header line, or give its number: -column 2");
  }

  Result<SerialTable> by_itself() {
    for (size_t i = 0; i < std::min(records_.size(), kLinesAboveHeader); ++i) {
      std::vector<size_t> places;
      for (size_t place = 0; place < records_[i].fields.size(); ++place)
        if (is_known_name(records_[i].fields[place])) places.push_back(place);
      if (places.empty()) continue;
      if (places.size() > 1)
        return unsure(records_[i], "more than one column is named like serial numbers", false,
                      places.front());
      for (size_t above = 0; above < i; ++above)
        if (looks_like_serial(records_[above].fields[0]))
          return unsure(
              records_[above],
              fmt::format("it stands above the header in line {}, but looks like data", records_[i].line),
              false, places.front());
      return below(i, places.front());
    }
    return without_header();
  }

 private:
  static bool same_name(std::string_view cell, std::string_view column) {
    cell = trim_pasted(cell);
    if (cell.empty()) return false;
    return equals_ignoring_case(cell, column);
  }

  Result<SerialTable> below(size_t header, size_t place) {
    SerialTable table{.header = records_[header].fields, .rows = {}, .serial_column = place};
    table.rows.assign(std::make_move_iterator(records_.begin() + static_cast<std::ptrdiff_t>(header) + 1),
                      std::make_move_iterator(records_.end()));
    return table;
  }

  // The first line is a header when it has no serial number in a column where all others have one.
  Result<SerialTable> numbered(size_t place) {
    const auto& first = records_.front();
    const bool has_serial = place < first.fields.size() && has_digit(first.fields[place]) &&
                            serial_in_cell(first.fields[place]).has_value();
    if (records_.size() > 1 && !has_serial) return below(0, place);
    return SerialTable{.header = {}, .rows = std::move(records_), .serial_column = place};
  }

  Result<SerialTable> without_header() {
    const auto& first = records_.front();
    const size_t width = width_of(records_);
    if (width > 1 && records_.size() == 1 && shape_ == Shape::list) return one_line();
    if (width > 1) {
      const bool only_first = column_looks_like_serials(records_, 0) && no_other_looks_like_serials(width);
      if (!only_first)
        return unsure(first, "no column is known to have the serial numbers", true, guess(width));
    } else if (first_is_a_word()) {
      return unsure(first, "it looks like the name of a column, not like a serial number", true, 0);
    }
    return SerialTable{.header = {}, .rows = std::move(records_), .serial_column = 0};
  }

  // A line of serial numbers, as people write lists: each cell must look like one of Apple's, or it is a row
  // of a table.
  Result<SerialTable> one_line() {
    auto& fields = records_.front().fields;
    std::erase_if(fields, [](const std::string& field) { return trim_pasted(field).empty(); });
    const bool all_serials = std::all_of(fields.begin(), fields.end(), [](const std::string& field) {
      return looks_like_serial(field) && trim_pasted(field).size() >= kUsualLength;
    });
    if (!all_serials)
      return unsure(records_.front(), "it is not clear which of these are serial numbers", true, 0);
    SerialTable table;
    for (auto& field : fields)
      table.rows.push_back({.fields = {std::move(field)}, .line = records_.front().line});
    return table;
  }

  bool no_other_looks_like_serials(size_t width) const {
    for (size_t column = 1; column < width; ++column)
      if (column_looks_like_serials(records_, column)) return false;
    return true;
  }

  // Only the first line has no digit at all.
  bool first_is_a_word() const {
    return records_.size() > 1 && !has_digit(records_.front().fields[0]) &&
           std::all_of(records_.begin() + 1, records_.end(),
                       [](const CsvRecord& record) { return has_digit(record.fields[0]); });
  }

  // The column that most likely has the serial numbers, for an example in a message.
  size_t guess(size_t width) const {
    const std::vector<CsvRecord> below(records_.begin() + (records_.size() > 1 ? 1 : 0), records_.end());
    size_t best = 0;
    for (size_t column = 0; column < width; ++column)
      if (column_looks_like_serials(below, column)) best = column;
    return best;
  }

  // `place`: an example for the remedy.
  tl::unexpected<Error> unsure(const CsvRecord& record, const std::string& why, bool by_number,
                               size_t place) const {
    if (quote_ == QuoteRows::no)
      return failure(Code::invalid, fmt::format("line {}: {}", record.line, why),
                     "Name the column of the serial numbers, by its name or its number");
    const bool is_header = record.fields.size() > place && !has_digit(record.fields[place]);
    const std::string example = by_number && !is_header
                                    ? std::to_string(place + 1)
                                    : shown(record.fields[std::min(place, record.fields.size() - 1)]);
    return failure(
        Code::invalid,
        fmt::format("line {}: {}. It has the columns {}", record.line, why, list_of(record, by_number)),
        fmt::format("Say which column has the serial numbers, by name or number: -column {}", example));
  }

  static constexpr size_t kUsualLength = 8;  // Apple's have 8 to 17 characters

  std::vector<CsvRecord> records_;
  const Shape shape_;
  const QuoteRows quote_;
};

// Quotes of any kind that surround the text, and the apostrophe or ="..." by which spreadsheets keep a text
// from being reckoned.
std::string_view without_wrapping(std::string_view text) {
  constexpr std::string_view kMarks[] = {"\"", "'", "`", "‘", "’", "“", "”", "„", "«", "»", "=", ",", ";"};
  for (bool again = true; again;) {
    again = false;
    text = trim_pasted(text);
    for (const auto mark : kMarks) {
      if (text.starts_with(mark)) text.remove_prefix(mark.size()), again = true;
      if (text.ends_with(mark)) text.remove_suffix(mark.size()), again = true;
    }
  }
  return text;
}

}  // namespace

std::optional<Serial> serial_in_cell(std::string_view text) {
  auto serial = read_serial(without_wrapping(text));
  if (!serial || is_scientific(serial->str())) return std::nullopt;
  return std::all_of(serial->str().begin(), serial->str().end(), may_be_in_serial) ? serial : std::nullopt;
}

bool is_scientific(std::string_view text) {
  text = without_wrapping(text);
  const size_t exponent = text.find_first_of("eE");
  if (exponent == std::string_view::npos) return false;
  const auto mantissa = text.substr(0, exponent), power = text.substr(exponent + 1);
  const auto is_number = [](std::string_view part) {
    return !part.empty() && has_digit(part) && std::all_of(part.begin(), part.end(), [](char c) {
      return is_digit(c) || c == '.' || c == ',' || c == '+' || c == '-';
    });
  };
  const bool has_point = mantissa.find_first_of(".,") != std::string_view::npos || power.starts_with('+');
  return has_point && is_number(mantissa) && is_number(power);
}

Result<SerialTable> find_serial_column(std::vector<CsvRecord> records, std::string_view column, Shape shape,
                                       QuoteRows quote) {
  if (records.empty()) return failure(Code::invalid, "the file has no rows");
  Finder finder(std::move(records), shape, quote);
  return column.empty() ? finder.by_itself() : finder.named(column);
}

}  // namespace muster
