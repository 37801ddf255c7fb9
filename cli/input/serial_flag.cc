#include "cli/input/serial_flag.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/utf8.h"
#include "model/text/ids_text.h"
#include "model/text/serial_column.h"

namespace muster::cli {

Result<std::vector<std::string>> serials_in_flag(std::string_view list) {
  constexpr size_t kLongestShown = 64;  // bytes
  std::vector<std::string> serials;
  for (const auto& entry : split_pasted(list)) {
    const auto serial = serial_in_cell(entry);
    if (!serial)
      return failure(Code::invalid,
                     fmt::format("-serials: \"{}\" is not a serial number", cut_utf8(entry, kLongestShown)),
                     "Serial numbers have letters and digits; separate them by commas");
    if (std::find(serials.begin(), serials.end(), serial->str()) == serials.end())
      serials.push_back(serial->str());
  }
  return serials;
}

}  // namespace muster::cli
