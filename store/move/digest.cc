#include "store/move/digest.h"

#include <cstring>

#include "base/text/encoding.h"

namespace muster::move {
namespace {

constexpr size_t kAtOnce = 64 << 10;

// Before a value: what it is. Texts are behind their length, so that no two rows have the same bytes.
constexpr char kNull = 'n', kNumber = 'i', kText = 't';

void append(std::string& bytes, std::uint64_t number) {
  char plain[sizeof number];
  std::memcpy(plain, &number, sizeof number);
  bytes.append(plain, sizeof number);
}

struct Encode {
  std::string& bytes;
  void operator()(std::monostate) const { bytes += kNull; }
  void operator()(std::int64_t number) const {
    bytes += kNumber;
    append(bytes, static_cast<std::uint64_t>(number));
  }
  void operator()(std::string_view text) const {
    bytes += kText;
    append(bytes, text.size());
    bytes += text;
  }
};

}  // namespace

Digest::Digest() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }

void Digest::add(Cells row) {
  ++rows_;
  for (const auto& cell : row) std::visit(Encode{bytes_}, cell);
  if (bytes_.size() >= kAtOnce) flush();
}

std::string Digest::finish() {
  flush();
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), digest, &size);
  return hex_lower({reinterpret_cast<const char*>(digest), size});
}

void Digest::flush() {
  EVP_DigestUpdate(context_.get(), bytes_.data(), bytes_.size());
  bytes_.clear();
}

}  // namespace muster::move
