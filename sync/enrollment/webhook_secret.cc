#include "sync/enrollment/webhook_secret.h"

#include <algorithm>
#include <vector>

#include "base/hmac.h"
#include "base/log/log.h"
#include "base/text/encoding.h"
#include "base/text/strings.h"

namespace muster::sync {
namespace {

constexpr size_t kShortestSecret = 24, kLongestSecret = 256, kNewSecret = 32;  // bytes

// MDM servers take it as a flag and sign with its very characters; it may also stand in a URL.
Result<> check_enrollment_secret(std::string_view secret) {
  const bool is_printable =
      std::all_of(secret.begin(), secret.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (is_printable && secret.size() >= kShortestSecret && secret.size() <= kLongestSecret) return {};
  return failure(Code::invalid, "the secret has not 24 to 256 printable ASCII characters without spaces",
                 "Leave it out: Muster makes one");
}

std::vector<std::string_view> secrets_taken(const EnrollmentWebhook& webhook, Time now) {
  std::vector<std::string_view> taken{webhook.secret};
  if (!webhook.old_secret.empty() && webhook.old_secret_until > now) taken.emplace_back(webhook.old_secret);
  return taken;
}

}  // namespace

Result<AppliedEnrollmentWebhook> apply_enrollment_webhook(Store& store,
                                                          const std::optional<std::string>& secret,
                                                          Millis overlap, const std::string& by, Time now) {
  if (secret) MUSTER_TRY(check_enrollment_secret(*secret));
  const std::string made = secret ? "" : hex_lower(random_bytes(kNewSecret));
  AppliedEnrollmentWebhook applied;
  MUSTER_TRY(store.write(installation, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(const auto present, writer.enrollment_webhook());
    applied = {.webhook = {.secret = secret.value_or(made), .made_at = now, .made_by = by},
               .made_secret = made};
    EnrollmentWebhook& webhook = applied.webhook;
    if (present && present->secret == webhook.secret) {
      applied.webhook = *present;
      writer.note_no_change();
      return {};
    }
    if (present && overlap > Millis(0)) {
      webhook.old_secret = present->secret;
      webhook.old_secret_until = now + overlap;
    }
    writer.note_change({.action = present ? "enrollment_webhook.changed" : "enrollment_webhook.created",
                        .object = "enrollment webhook"});
    return writer.put_enrollment_webhook(webhook);
  }));
  log::info("enrollment_webhook.applied", {{"by", by}});
  return applied;
}

Result<> remove_enrollment_webhook(Store& store) {
  MUSTER_TRY(store.write(installation, [](Writer& writer) -> Result<> {
    MUSTER_TRY(const bool was_there, writer.remove_enrollment_webhook());
    if (!was_there)
      return failure(Code::not_found, "there is no secret for messages from MDM servers",
                     "Nothing was changed: none are accepted");
    writer.note_change({.action = "enrollment_webhook.removed", .object = "enrollment webhook"});
    return {};
  }));
  log::info("enrollment_webhook.removed");
  return {};
}

bool has_signed(const EnrollmentWebhook& webhook, std::string_view signature, std::string_view body,
                Time now) {
  const auto taken = secrets_taken(webhook, now);
  return std::any_of(taken.begin(), taken.end(), [&](std::string_view secret) {
    return equals_constant_time(signature, base64_encode(hmac_sha256(secret, body)));
  });
}

bool is_secret(const EnrollmentWebhook& webhook, std::string_view password, Time now) {
  const auto taken = secrets_taken(webhook, now);
  return std::any_of(taken.begin(), taken.end(),
                     [&](std::string_view secret) { return equals_constant_time(password, secret); });
}

}  // namespace muster::sync
