#include "apple/session/key_ring.h"

#include <string>
#include <string_view>

namespace muster::apple {
namespace {

// The PEM blocks of a text; the text itself when it has fewer than two.
std::vector<std::string> blocks_of(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  std::vector<std::string> blocks;
  size_t begin = pem.find(kBegin);
  while (begin != std::string_view::npos) {
    const size_t next = pem.find(kBegin, begin + kBegin.size());
    blocks.emplace_back(pem.substr(begin, next == std::string_view::npos ? next : next - begin));
    begin = next;
  }
  if (blocks.size() < 2) return {std::string(pem)};
  return blocks;
}

}  // namespace

std::vector<KeyPair> pairs_in(const KeyPair& stored) {
  const auto certificates = blocks_of(stored.certificate_pem), keys = blocks_of(stored.private_key_pem);
  if (certificates.size() != keys.size()) return {stored};
  std::vector<KeyPair> pairs;
  for (size_t i = 0; i < certificates.size(); ++i) pairs.push_back({certificates[i], keys[i]});
  return pairs;
}

KeyPair joined(const KeyPair& newest, const KeyPair& older) {
  const auto kept = pairs_in(older).back();
  return {newest.certificate_pem + kept.certificate_pem, newest.private_key_pem + kept.private_key_pem};
}

}  // namespace muster::apple
