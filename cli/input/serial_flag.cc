#include "cli/input/serial_flag.h"

#include "base/text/strings.h"
#include "model/text/ids_text.h"

namespace muster::cli {

std::vector<std::string> serials_in_flag(std::string_view list) {
  auto serials = split_list(trim_pasted(list), ',');
  for (auto& text : serials) text = read_serial(text).value_or(Serial(text)).str();
  return serials;
}

}  // namespace muster::cli
