// The certificates in a profile: base64 of DER, which people often get from PEM files.
#include <fmt/format.h>
#include <openssl/x509.h>

#include <memory>

#include "base/text/encoding.h"
#include "profile/values.h"

namespace muster {
namespace {

constexpr const char* kHowTo =
    "`mdmctl apply dep-profiles -template -anchor FILE.pem` prints it as it must be: one line of base64";

bool is_certificate(const std::string& der) {
  const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = begin;
  const std::unique_ptr<X509, decltype(&X509_free)> read(
      d2i_X509(nullptr, &end, static_cast<long>(der.size())), X509_free);
  return read && static_cast<size_t>(end - begin) == der.size();
}

// Why `text` is not the base64 of a certificate; "" when it is.
std::string complaint_about_pin(const std::string& text) {
  if (text.empty()) return "it is empty";
  if (text.find("-----BEGIN") != std::string::npos)
    return "this is PEM, with the lines -----BEGIN and -----END; Apple takes the base64 between them";
  if (text.find_first_of(" \t\r\n") != std::string::npos)
    return "it has white space or line breaks in it; Apple takes base64 on one line";
  const auto der = base64_decode(text);
  if (!der || text.size() % 4 != 0) return fmt::format("{} is not base64", shown(text));
  if (!is_certificate(*der)) return "it is base64, but not of a certificate (DER)";
  return {};
}

}  // namespace

MaybeFault check_certificate(const std::string& text) {
  auto complaint = complaint_about_pin(text);
  if (complaint.empty()) return {};
  return ProfileFault{.reason = std::move(complaint), .remedy = kHowTo};
}

}  // namespace muster
