// The secret that MDM servers prove themselves with: NanoMDM and NanoHUB sign with it, and MicroMDM, which
// does not sign, sends it as the password of Basic authentication.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace muster::sync {

/// For so long the secret before is taken, too, unless an operator says otherwise.
inline constexpr Millis kEnrollmentSecretOverlap = std::chrono::hours(24);
inline constexpr Millis kLongestEnrollmentSecretOverlap = std::chrono::days(30);

struct AppliedEnrollmentWebhook {
  EnrollmentWebhook webhook;
  std::string made_secret;  ///< "" unless one was made; it can never be had again
};

/// Sets the secret; without one, makes one. Code::invalid for one that is too short to be a secret, or too
/// long.
Result<AppliedEnrollmentWebhook> apply_enrollment_webhook(Store& store,
                                                          const std::optional<std::string>& secret,
                                                          Millis overlap, const std::string& by, Time now);
/// No message is taken any more. Code::not_found when there is no secret.
Result<> remove_enrollment_webhook(Store& store);

/// Whether a message has the signature `X-Hmac-Signature` of the secret, or of the one before while that is
/// taken.
bool has_signed(const EnrollmentWebhook& webhook, std::string_view signature, std::string_view body,
                Time now);
/// Whether a password is the secret, likewise.
bool is_secret(const EnrollmentWebhook& webhook, std::string_view password, Time now);

}  // namespace muster::sync
