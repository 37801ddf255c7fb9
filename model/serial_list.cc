#include "model/serial_list.h"

#include "base/sha256.h"
#include "base/text/encoding.h"

namespace muster {

std::string digest_of(std::span<const Serial> serials) {
  std::string text;
  for (const auto& serial : serials) {
    if (!text.empty()) text += '\n';
    text += serial.str();
  }
  return hex_lower(sha256(text));
}

}  // namespace muster
