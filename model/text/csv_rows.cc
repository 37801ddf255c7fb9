#include "model/text/csv_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/text/csv.h"
#include "base/text/did_you_mean.h"
#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "model/text/ids_text.h"
#include "model/text/row_errors.h"

namespace muster {
namespace {

constexpr size_t kLongestShown = 64;   // bytes
constexpr size_t kLongestNote = 1000;  // bytes

struct NoteColumn {
  const char* name;
  std::optional<std::string> NoteRow::*member;
};
constexpr NoteColumn kNoteColumns[] = {{"name", &NoteRow::name},
                                       {"owner", &NoteRow::owner},
                                       {"group", &NoteRow::group},
                                       {"asset_tag", &NoteRow::asset_tag}};

// `Asset Tag` and `note.asset_tag` are asset_tag.
std::string column_name(const std::string& cell) {
  std::string name = to_lower(trim_pasted(cell));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  if (name.starts_with("note.")) name.erase(0, 5);
  return name;
}

Result<SerialTable> read_table(std::string_view text, std::string_view column, Shape shape, QuoteRows quote) {
  MUSTER_TRY(auto records, parse_csv(text));
  return find_serial_column(std::move(records), column, shape, quote);
}

// The serials of the rows as they are read, with the lines they stand on.
class Serials {
 public:
  explicit Serials(QuoteRows quote = QuoteRows::yes) : quote_(quote) {}

  /// Nothing, and an error is added, when the row has none.
  std::optional<Serial> read(const CsvRecord& row, size_t column, RowErrors& errors) {
    const std::string text = column < row.fields.size() ? row.fields[column] : "";
    auto serial = serial_in_cell(text);
    if (!serial) errors.add(row.line, objection_to(text));
    return serial;
  }

  /// The line on which the serial stands first; 0 when this is it.
  size_t line_before(const Serial& serial, size_t line) {
    const auto [place, is_new] = lines_.emplace(serial, line);
    return is_new ? 0 : place->second;
  }

 private:
  std::string objection_to(const std::string& text) const {
    if (trim_pasted(text).empty()) return "there is no serial number";
    const std::string quoted = quote_ == QuoteRows::yes ? "\"" + shown(text) + "\"" : "this";
    if (is_scientific(text))
      return quoted +
             " is a number that a spreadsheet made of a serial number; format the column as text and "
             "enter it again";
    return quoted + " is not a serial number";
  }
  static std::string shown(const std::string& text) { return cut_utf8(trim_pasted(text), kLongestShown); }

  const QuoteRows quote_;
  std::unordered_map<Serial, size_t> lines_;
};

std::vector<std::string> known_columns() {
  std::vector<std::string> names = {"serial"};
  for (const auto& column : kNoteColumns) names.emplace_back(column.name);
  return names;
}

std::string columns(size_t count) { return fmt::format("{} column{}", count, count == 1 ? "" : "s"); }

using Members = std::vector<std::optional<std::string> NoteRow::*>;  // by column; null for the serial

Result<Members> members_of(const SerialTable& table) {
  Members members;
  if (table.header.empty()) {
    members.push_back(nullptr);
    for (const auto& column : kNoteColumns) members.push_back(column.member);
    const size_t count = table.rows[0].fields.size();
    if (count < 2 || count > members.size() || table.serial_column != 0)
      return failure(Code::invalid,
                     fmt::format("line {}: {} and no header", table.rows[0].line, columns(count)),
                     "Begin the file with a line like serial,name,owner,group,asset_tag");
    members.resize(count);
    return members;
  }
  for (size_t place = 0; place < table.header.size(); ++place) {
    const std::string name = column_name(table.header[place]);
    const auto* column = std::find_if(std::begin(kNoteColumns), std::end(kNoteColumns),
                                      [&](const NoteColumn& known) { return name == known.name; });
    const bool is_known = column != std::end(kNoteColumns);
    if (!is_known && place != table.serial_column) {
      const std::string guess = did_you_mean(name, known_columns());
      return failure(Code::invalid,
                     fmt::format("there is no column \"{}\" for notes", cut_utf8(name, kLongestShown)),
                     guess.empty() ? "The columns are serial, name, owner, group and asset_tag"
                                   : fmt::format("Did you mean \"{}\"?", guess));
    }
    members.push_back(place == table.serial_column ? nullptr : column->member);
  }
  return members;
}

// Not where a comma within a number has made two cells of one, 1,23E+11.
bool fits_header(const CsvRecord& row, const SerialTable& table, RowErrors& errors) {
  size_t width = row.fields.size();
  while (width > 0 && trim_pasted(row.fields[width - 1]).empty()) --width;
  if (table.header.empty() || width <= table.header.size()) return true;
  errors.add(row.line, fmt::format("it has {}, and the header has {}", columns(width), table.header.size()));
  return false;
}

// "" when it can be kept.
std::string objection(const std::string& text) {
  if (text.size() > kLongestNote)
    return fmt::format("a text has {} bytes; the limit is {}", text.size(), kLongestNote);
  if (!is_utf8(text)) return "a text is not UTF-8";
  const bool has_control = std::any_of(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return has_control ? "a text has a line break or another control character" : "";
}

}  // namespace

Result<SerialRows> serials_of_csv(std::string_view text, std::string_view column, QuoteRows quote) {
  MUSTER_TRY(const auto table, read_table(text, column, Shape::list, quote));
  SerialRows rows;
  RowErrors errors;
  Serials serials(quote);
  for (const auto& row : table.rows) {
    if (!fits_header(row, table, errors)) continue;
    auto serial = serials.read(row, table.serial_column, errors);
    if (!serial) continue;
    if (serials.line_before(*serial, row.line) > 0)
      ++rows.repeated;
    else
      rows.serials.push_back(std::move(*serial));
  }
  MUSTER_TRY(errors.result());
  return rows;
}

Result<std::vector<NoteRow>> notes_of_csv(std::string_view text, std::string_view column) {
  MUSTER_TRY(const auto table, read_table(text, column, Shape::table, QuoteRows::yes));
  if (table.rows.empty()) return failure(Code::invalid, "the file has a header, and no rows below it");
  MUSTER_TRY(const auto members, members_of(table));
  std::vector<NoteRow> notes;
  RowErrors errors;
  Serials serials;
  for (const auto& row : table.rows) {
    const auto serial = serials.read(row, table.serial_column, errors);
    if (!serial) continue;
    if (row.fields.size() != members.size()) {
      errors.add(row.line, fmt::format("{} instead of {}", columns(row.fields.size()), members.size()));
      continue;
    }
    if (const size_t before = serials.line_before(*serial, row.line))
      errors.add(row.line,
                 fmt::format("duplicate serial number {}, first on line {}", serial->str(), before));
    NoteRow note{.serial = *serial};
    for (size_t i = 0; i < members.size(); ++i) {
      if (!members[i]) continue;
      note.*members[i] = std::string(without_text_mark(trim(row.fields[i])));
      if (const auto wrong = objection(*(note.*members[i])); !wrong.empty()) errors.add(row.line, wrong);
    }
    notes.push_back(std::move(note));
  }
  MUSTER_TRY(errors.result());
  return notes;
}

}  // namespace muster
