#include "apple/session/key_ring.h"

#include <openssl/err.h>

#include <string_view>

#include "apple/session/openssl.h"

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

Error unreadable_pair(const char* what) {
  ERR_clear_error();
  return {Code::invalid, std::string("the key pair cannot be used: ") + what,
          "It must be a certificate and its private key without a password, both as PEM"};
}

}  // namespace

Result<KeyPair> read_key_pair(const std::string& certificate_pem, const std::string& private_key_pem) {
  const Certificate certificate = certificate_of(certificate_pem);
  if (!certificate) return failure(unreadable_pair("its certificate cannot be read"));
  const Key key = key_of(private_key_pem);
  if (!key) return failure(unreadable_pair("its private key cannot be read"));
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    return failure(unreadable_pair("the private key does not belong to the certificate"));
  const Bio certificate_out = writer(), key_out = writer();
  if (PEM_write_bio_X509(certificate_out.get(), certificate.get()) != 1 ||
      PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return failure(unreadable_pair("OpenSSL cannot write it"));
  return KeyPair{written(certificate_out), written(key_out)};
}

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
