// One odd row among good ones: it costs at most itself. The input is the row, or the text of one of its keys.
#include "apple/answers/decode.h"
#include "apple/answers/json_document.h"
#include "fuzz/check.h"

namespace {

using namespace muster;
using fuzz::check;

const std::string kFirst = R"({"serial_number":"FIRST","op_type":"added","op_date":"2026-03-01T09:00:00Z"})";
const std::string kLast = R"({"serial_number":"LAST","model":"iPad","profile_status":"empty"})";

std::string page_with(const std::string& row) {
  return R"({"devices":[)" + kFirst + "," + row + "," + kLast + R"(],"cursor":"C1","more_to_follow":true})";
}

// What Apple may get wrong inside a text; what ends the text is not among it.
std::string as_text(std::string text) {
  for (char& c : text)
    if (c == '"' || c == '\\') c = '?';
  return text;
}

void check_neighbours(const std::string& body) {
  const auto page = apple::decode_page(body);
  check(page.has_value(), "an odd row costs no page", page ? "" : page.error().message);
  check(page->devices.size() + page->odd_rows.size() == 3, "every row is read or reported");
  check(page->devices.front().serial == Serial("FIRST"), "the row before an odd one is read");
  check(page->devices.back().serial == Serial("LAST"), "the row behind an odd one is read");
  check(page->devices.back().facts.model == "iPad", "with all its keys");
  check(page->cursor == Cursor("C1") && page->more_to_follow, "and so is what stands behind the rows");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string input = fuzz::text_of(data, size);
  check_neighbours(page_with(R"({"serial_number":"ODD","color":")" + as_text(input) + "\"}"));
  check_neighbours(page_with(R"({"serial_number":")" + as_text(input) + "\"}"));
  // Any value where a row should be. The brackets make it a document that can be asked whether it is one.
  const auto alone = apple::JsonDocument::parse(R"({"row":[[)" + input + "]]}");
  if (!alone || (*alone)->root().size() != 1) return 0;
  const auto rows = apple::find_value((*alone)->root(), "row").value().get_array();
  if (rows.size() == 1 && rows.at(0).get_array().size() == 1) check_neighbours(page_with(input));
  return 0;
}
