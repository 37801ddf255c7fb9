#include "base/crypto/master_key.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/sha256.h"
#include "base/text/encoding.h"

namespace muster {
namespace {

constexpr std::string_view kLabel = "muster master key";
constexpr size_t kNumberBytes = 4;
constexpr const char* kHowToMake = "A key is 64 hexadecimal digits: make one with `openssl rand -hex 32`";

std::string number_of(std::string_view bytes) {
  const std::string labelled = std::string(kLabel) + std::string(bytes);
  return hex_lower(sha256(labelled).substr(0, kNumberBytes));
}

bool is_between_keys(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ','; }

}  // namespace

MasterKey::MasterKey(std::string bytes, std::string source)
    : bytes_(std::move(bytes)), number_(number_of(bytes_)), source_(std::move(source)) {}

MasterKey MasterKey::make(std::string source) { return {random_bytes(kBytes), std::move(source)}; }

Result<MasterKey> MasterKey::parse(std::string_view text, std::string source) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    unsigned char byte = 0;
    const char* const end = text.data() + i + 2;
    if (std::from_chars(text.data() + i, end, byte, 16).ptr != end) break;
    bytes += static_cast<char>(byte);
  }
  if (text.size() != 2 * kBytes || bytes.size() != kBytes)
    return failure(Code::invalid, source + " has something that is no master key", kHowToMake);
  return MasterKey(std::move(bytes), std::move(source));
}

std::string MasterKey::text() const { return hex_lower(bytes_); }

Result<std::vector<MasterKey>> parse_master_keys(std::string_view text, const std::string& source) {
  std::vector<MasterKey> keys;
  for (size_t at = 0; at < text.size();) {
    if (is_between_keys(text[at])) {
      ++at;
    } else if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else {
      size_t end = at;
      while (end < text.size() && !is_between_keys(text[end])) ++end;
      MUSTER_TRY(auto key, MasterKey::parse(text.substr(at, end - at), source));
      keys.push_back(std::move(key));
      at = end;
    }
  }
  if (keys.empty()) return failure(Code::invalid, source + " has no master key", kHowToMake);
  return keys;
}

}  // namespace muster
