#include "model/serial_list.h"

#include <openssl/sha.h>

#include <array>

#include "base/text/encoding.h"

namespace muster {

std::string digest_of(std::span<const Serial> serials) {
  std::string text;
  for (const auto& serial : serials) {
    if (!text.empty()) text += '\n';
    text += serial.str();
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return hex_lower(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace muster
