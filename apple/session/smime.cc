#include "apple/session/smime.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <algorithm>
#include <optional>

#include "apple/session/openssl.h"
#include "base/text/encoding.h"
#include "base/text/strings.h"

namespace muster::apple {
namespace {

constexpr const char* kDownloadAgain =
    "Download the token again (Apple Business or Apple School Manager > Settings > Device Management "
    "Services > the service > "
    "Download Token) and import that file as it is";
constexpr const char* kUploadFirst =
    "Upload this account's certificate in the portal (`mdmctl get dep-tokens -export-public-key FILE` writes "
    "it), download the "
    "token again and import that";

tl::unexpected<Error> not_smime(const std::string& what) {
  return failure(Code::invalid, "not a token file from the portal (..._smime.p7m): " + what, kDownloadAgain);
}
tl::unexpected<Error> damaged(const std::string& how) {
  return failure(Code::invalid, "the token file is truncated or damaged: " + how, kDownloadAgain);
}

// A BER SEQUENCE, the beginning of every CMS structure.
bool begins_cms(std::string_view bytes) { return !bytes.empty() && bytes[0] == '\x30'; }

// The same, told from base64, where '0' is a digit: the length in the second byte is a long or an indefinite
// one.
bool begins_ber(std::string_view bytes) {
  return begins_cms(bytes) && bytes.size() > 1 && static_cast<unsigned char>(bytes[1]) >= 0x80;
}

// The rest behind the first empty line; nothing when there is none. Lines end in LF or CRLF.
std::optional<std::string_view> below_headers(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const bool empty = trim(text.substr(0, end)).empty();
    text.remove_prefix(std::min(end + 1, text.size()));
    if (empty) return text;
  }
  return std::nullopt;
}

// The base64 between `-----BEGIN X-----` and `-----END X-----`, or to the end where the latter is missing.
std::string_view inside_pem(std::string_view text) {
  text.remove_prefix(std::min(text.find('\n'), text.size()));
  return text.substr(0, text.find("-----END"));
}

Result<std::string> decode_content(std::string_view text) {
  if (trim(text).empty()) return damaged("there is no content after the headers");
  if (begins_ber(text)) return std::string(text);
  const auto bytes = base64_decode(text);
  if (!bytes) return damaged("the content is not base64");
  if (!begins_cms(*bytes)) return not_smime("the content is not a CMS structure");
  return *bytes;
}

std::string lower_start(std::string_view text) { return to_lower(text.substr(0, 4096)); }

std::string name_of(const X509_NAME* name) {
  const Bio out = writer();
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253);
  return written(out);
}

std::string hex_of(const ASN1_INTEGER* number) {
  const Number value(ASN1_INTEGER_to_BN(number, nullptr));
  char* text = value ? BN_bn2hex(value.get()) : nullptr;
  const std::string hex = text ? text : "?";
  OPENSSL_free(text);
  return hex;
}

std::string describe(const X509_NAME* issuer, const ASN1_INTEGER* serial) {
  return fmt::format("{} (serial number {})", issuer ? name_of(issuer) : "another certificate",
                     serial ? hex_of(serial) : "?");
}

// Success when one of the envelope's recipients is the certificate; the error names the first one otherwise.
Result<> check_recipient(CMS_ContentInfo* cms, X509* certificate) {
  const STACK_OF(CMS_RecipientInfo)* recipients = CMS_get0_RecipientInfos(cms);
  std::string made_for;
  for (int i = 0; i < sk_CMS_RecipientInfo_num(recipients); ++i) {
    CMS_RecipientInfo* recipient = sk_CMS_RecipientInfo_value(recipients, i);
    if (CMS_RecipientInfo_type(recipient) != CMS_RECIPINFO_TRANS) continue;
    if (CMS_RecipientInfo_ktri_cert_cmp(recipient, certificate) == 0) return {};
    X509_NAME* issuer = nullptr;
    ASN1_INTEGER* serial = nullptr;
    CMS_RecipientInfo_ktri_get0_signer_id(recipient, nullptr, &issuer, &serial);
    if (made_for.empty()) made_for = describe(issuer, serial);
  }
  if (made_for.empty()) made_for = "no RSA certificate";
  return failure(
      Code::invalid,
      fmt::format("the token file is encrypted for another certificate: for {}, but this account's is {}",
                  made_for, describe(X509_get_issuer_name(certificate), X509_get0_serialNumber(certificate))),
      kUploadFirst);
}

// OpenSSL keeps what went wrong per thread; left there, the next user of it (libcurl) may take it for its
// own.
struct ForgetOpensslErrors {
  ~ForgetOpensslErrors() { ERR_clear_error(); }
};

}  // namespace

Result<std::string> cms_of_file(const std::string& file) {
  if (begins_ber(file)) return file;
  std::string_view text = file;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.empty()) return not_smime("it is empty");
  if (text.starts_with('{')) return not_smime("it is JSON");
  if (text.starts_with('<')) return not_smime("it is a web page or a property list");
  if (text.starts_with("-----BEGIN PKCS7-----") || text.starts_with("-----BEGIN CMS-----"))
    return decode_content(inside_pem(text));
  if (text.starts_with("-----BEGIN CERTIFICATE"))
    return not_smime(
        "it is a certificate. Upload the certificate to the portal and download the token from there");
  if (text.starts_with("-----BEGIN")) return not_smime("it is another kind of PEM file");

  const std::string start = lower_start(text);
  if (start.find("content-type:") != std::string::npos) {
    if (start.find("pkcs7-mime") == std::string::npos)
      return not_smime("its Content-Type is not application/pkcs7-mime");
    const auto content = below_headers(text);
    if (!content) return damaged("it ends inside the headers");
    return decode_content(*content);
  }
  if (const auto bytes = base64_decode(text); bytes && begins_cms(*bytes)) return *bytes;
  return not_smime("it has neither S/MIME headers nor a CMS structure");
}

Result<std::string> open_envelope(const std::string& bytes, const KeyPair& pair) {
  const ForgetOpensslErrors forget;
  const Certificate certificate = certificate_of(pair.certificate_pem);
  const Key key = key_of(pair.private_key_pem);
  if (!certificate || !key) return failure(Code::internal, "the account's key pair cannot be read");
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    return failure(Code::internal, "the account's private key does not belong to its certificate");

  const Cms cms(d2i_CMS_bio(reader(bytes).get(), nullptr));
  if (!cms) return damaged("the CMS structure is incomplete");
  if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_enveloped)
    return not_smime("the CMS structure is not encrypted");
  // Asked first and decrypted with the certificate given: without it OpenSSL continues with a random key
  // after a wrong one (against Bleichenbacher's attack), and the outcome would be noise instead of an error.
  MUSTER_TRY(check_recipient(cms.get(), certificate.get()));

  const Bio out = writer();
  if (CMS_decrypt(cms.get(), key.get(), certificate.get(), nullptr, out.get(), 0) != 1)
    return damaged("decryption failed, although the certificate matches");
  return written(out);
}

}  // namespace muster::apple
