// The file that Apple's portal gives for a token: S/MIME enveloped data for the uploaded certificate.
//
// Shape, from a real file of January 2025: BER with indefinite lengths; EnvelopedData version 0; one
// KeyTransRecipientInfo by issuer and serial number, rsaEncryption (PKCS#1 v1.5); aes-128-cbc; inside a
// text/plain MIME part with BEGIN and END MESSAGE lines, CRLF in its headers and LF in its body.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sim/world/token.h"

namespace muster::sim {

struct TokenFileShape {
  bool message_lines = true;  ///< false: Apple's documented sample, JSON alone and wrapped at 64 columns
  bool triple_des = false;    ///< true: des-ede3-cbc, as old tokens had
  bool crlf = true;           ///< ends of the outer lines
};

/// The whole .p7m file for the certificate (PEM or DER). Code::invalid, with the reason, when it is no
/// certificate or its key is not RSA.
Result<std::string> make_token_file(const Token& token, std::string_view certificate,
                                    const TokenFileShape& shape);

/// `<ServerName>_Token_<YYYY-MM-DDTHH-MM-SSZ>_smime.p7m`.
std::string token_file_name(std::string_view server_name, long long now_ms);

}  // namespace muster::sim
