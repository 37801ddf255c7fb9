#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/members.h"
#include "http/json.h"
#include "sync/enrollment/webhook_secret.h"

namespace muster::api::muster_v1 {
namespace {

boost::json::object to_json(const EnrollmentWebhook& webhook, Time now) {
  boost::json::object json{{"active", true}, {"made_at", format_rfc3339(webhook.made_at)}};
  put(json, "made_by", webhook.made_by);
  if (webhook.old_secret_until > now) put(json, "old_secret_until", webhook.old_secret_until);
  return json;
}

}  // namespace

Result<http::Response> get_enrollment_webhook(const Call& call) {
  MUSTER_TRY(const auto webhook, call.store.read([](Reader& reader) { return reader.enrollment_webhook(); }));
  return http::json_response(
      200, webhook ? to_json(*webhook, call.context.clock.now()) : boost::json::object{{"active", false}});
}

Result<http::Response> put_enrollment_webhook(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto secret, string_field(body, "secret", body.contains("secret")));
  MUSTER_TRY(const auto overlap, seconds_field(body, "overlap", sync::kLongestEnrollmentSecretOverlap));
  const Time now = call.context.clock.now();
  MUSTER_TRY(const auto applied, sync::apply_enrollment_webhook(
                                     call.store, secret.empty() ? std::nullopt : std::optional(secret),
                                     overlap.value_or(sync::kEnrollmentSecretOverlap), call.key.name, now));
  auto json = to_json(applied.webhook, now);
  put(json, "secret", applied.made_secret);
  return http::json_response(200, std::move(json));
}

Result<http::Response> delete_enrollment_webhook(const Call& call) {
  MUSTER_TRY(sync::remove_enrollment_webhook(call.store));
  return http::json_response(200, boost::json::object());
}

}  // namespace muster::api::muster_v1
