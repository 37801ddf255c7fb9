// How messages are signed: as Standard Webhooks has it (standardwebhooks.com), and as NanoMDM does.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"
#include "model/receiver.h"

namespace muster::sync {

/// `whsec_` and 32 random bytes in Base64.
std::string new_webhook_secret();

/// Code::invalid unless it is a secret: `whsec_` and Base64 of 24 to 64 bytes, or 24 to 256 printable
/// characters, which are the key themselves. The error does not repeat it.
Result<> check_webhook_secret(std::string_view secret);

/// The headers `webhook-id`, `webhook-timestamp`, `webhook-signature` and `X-Hmac-Signature`. While there is
/// an old secret, the third has signatures with both; the last one is made with the newest.
http::Headers signature_headers(const Receiver& receiver, const std::string& id, std::string_view body,
                                Time now);

}  // namespace muster::sync
