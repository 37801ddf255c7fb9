#include "api/answer.h"
#include "api/auth.h"
#include "api/handlers.h"
#include "sync/enrollment/check_in_desk.h"
#include "sync/enrollment/webhook_secret.h"

namespace muster::api::muster_v1 {
namespace {

constexpr const char* kSignature = "X-Hmac-Signature";

// A signature counts, if there is one: a password cannot make up for a wrong one.
Result<> check_sender(const EnrollmentWebhook& webhook, const http::Request& request, Time now) {
  if (const auto signature = request.headers.get(kSignature)) {
    if (sync::has_signed(webhook, *signature, request.body, now)) return {};
    return failure(Code::unauthorized, "the signature in X-Hmac-Signature is not made with our secret",
                   "Give the MDM server the secret of `mdmctl apply enrollment-webhook`");
  }
  const auto password = key_in(request);
  if (password && sync::is_secret(webhook, *password, now)) return {};
  return failure(Code::unauthorized,
                 password ? "the password is not our secret"
                          : "the message has no signature, X-Hmac-Signature, and no password",
                 "Give the MDM server the secret of `mdmctl apply enrollment-webhook`");
}

}  // namespace

// MDM servers do not send a message again: the answer comes when it is stored.
Result<http::Response> post_mdm_webhook(const Call& call) {
  sync::CheckInDesk* const desk = call.context.check_ins;
  const Time now = call.context.clock.now();
  MUSTER_TRY(const auto webhook,
             call.context.unaudited_store.read([](Reader& reader) { return reader.enrollment_webhook(); }));
  if (!webhook || !desk) {
    const Error none{Code::not_found, "this server accepts no messages from MDM servers", "", {}};
    if (desk) desk->refused("there is no secret for them. Run `mdmctl apply enrollment-webhook`");
    return failure(none);
  }
  if (const auto allowed = check_sender(*webhook, call.request, now); !allowed) {
    desk->refused(allowed.error().text());
    return failure(allowed.error());
  }
  const auto check_in = sync::read_check_in(call.request.body, now);
  if (!check_in) {
    desk->refused(check_in.error().text());
    return failure(check_in.error());
  }
  if (*check_in) MUSTER_TRY(desk->take(**check_in));
  return done();
}

}  // namespace muster::api::muster_v1
