// The portal's token file: the whole file as bytes, the message inside an envelope that opens, and the
// token's JSON.
#include "apple/session/openssl.h"
#include "apple/session/smime.h"
#include "apple/session/token.h"
#include "base/text/encoding.h"
#include "fuzz/check.h"
#include "fuzz/world.h"

namespace {

using namespace muster;
using fuzz::check;

// Stands in every secret of the corpus: a message that shows it shows a secret.
constexpr std::string_view kSecret = "SECRET";

void check_outcome(const Result<Token>& token) {
  if (token) {
    check(!token->consumer_key.empty() && !token->consumer_secret.empty() && !token->access_token.empty() &&
              !token->access_secret.empty(),
          "a token is whole");
    return;
  }
  check(token.error().code == Code::invalid && !token.error().message.empty(), "a refusal has a reason",
        token.error().message);
  check(token.error().text().find(kSecret) == std::string::npos, "no message holds a secret");
}

std::string envelope_of(const std::string& message) {
  static const apple::Certificate kCertificate = apple::certificate_of(fuzz::key_pair().certificate_pem);
  static STACK_OF(X509)* const kRecipients = [] {
    auto* stack = sk_X509_new_null();
    sk_X509_push(stack, kCertificate.get());
    return stack;
  }();
  const apple::Cms cms(CMS_encrypt(kRecipients, apple::reader(message).get(), EVP_aes_128_cbc(), CMS_BINARY));
  const apple::Bio out = apple::writer();
  check(cms && i2d_CMS_bio(out.get(), cms.get()) == 1, "OpenSSL makes an envelope");
  return apple::written(out);
}

// However the same structure is wrapped, it is found.
void check_wrappings(const std::string& cms) {
  const std::string base64 = base64_encode(cms);
  for (const std::string& file : {"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\n" + base64,
                                  "-----BEGIN PKCS7-----\n" + base64 + "\n-----END PKCS7-----\n", base64}) {
    const auto found = apple::cms_of_file(file);
    check(found && *found == cms, "a structure is found in every wrapping");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string input = fuzz::text_of(data, size);
  check_outcome(apple::open_token(input, fuzz::key_pair()));
  check_outcome(apple::parse_token(input));

  if (const auto cms = apple::cms_of_file(input)) check_wrappings(*cms);
  if (input.empty()) return 0;
  const std::string envelope = envelope_of(input);
  const auto opened = apple::open_envelope(envelope, fuzz::key_pair());
  check(opened && *opened == input, "an envelope gives what was put into it");
  check_outcome(apple::open_token(envelope, fuzz::key_pair()));
  return 0;
}
