// Apple's pages of devices, as bytes: no row is lost, and what was read and printed is read as the same.
#include "apple/answers/decode.h"
#include "apple/answers/device_row.h"
#include "apple/answers/json_document.h"
#include "apple/answers/text_repair.h"
#include "fuzz/check.h"
#include "fuzz/printed.h"
#include "model/text/ids_text.h"

namespace {

using namespace muster;
using fuzz::check;

void check_row(const DeviceReport& row) {
  check(read_serial(row.serial.str()) == row.serial, "a row that was read has a serial number");
  if (!row.facts.other.empty())
    check(apple::JsonDocument::parse(row.facts.other).has_value(), "what has no field is kept as JSON",
          row.facts.other);

  const std::string printed = fuzz::print_row(row);
  const auto document = apple::JsonDocument::parse(printed);
  check(document.has_value(), "a row can be printed", printed);
  DeviceReport again = apple::read_device((*document)->root());
  again.facts.other = row.facts.other;  // not printed with it
  check(again.serial == row.serial && again.operation == row.operation && again.op_date == row.op_date &&
            again.facts == row.facts,
        "a row printed and read again is the same row", printed);
}

// Rows, read and odd, that the page stands for: the last entry of odd_rows may count several.
void check_count(const apple::DevicePage& page, size_t rows) {
  const size_t odd = rows - page.devices.size();
  check(page.devices.size() <= rows, "no row is made up");
  const size_t told = odd > apple::kOddRowsDescribed ? apple::kOddRowsDescribed + 1 : odd;
  check(page.odd_rows.size() == told, "every row is read or reported");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string body = fuzz::text_of(data, size);
  const std::string mended = apple::repair_json_text(body);
  check(mended.size() <= 3 * body.size(), "mending costs no more than U+FFFD a byte");
  check(apple::repair_json_text(mended) == mended, "mending once is enough", mended);

  const auto page = apple::decode_page(body);
  if (!page) {
    check(page.error().code == Code::remote, "a page that cannot be read is Apple's error");
    return 0;
  }
  for (const auto& row : page->devices) check_row(row);
  const auto document = apple::JsonDocument::parse(body);
  const auto rows = apple::find_value((*document)->root(), "devices");
  check_count(*page, rows ? rows->get_array().size() : 0);
  check(!page->cursor.empty(), "there is a cursor to go on with");
  check(!page->complete || (rows && rows->is_array()), "a complete page has an array of devices");
  if (const auto glance = apple::PageAnswer("fuzz", body).glance())
    check(glance->devices.empty() && !glance->cursor.empty(), "a glance gives a cursor, and no rows");
  return 0;
}
