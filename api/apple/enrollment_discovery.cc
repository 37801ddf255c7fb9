// Where Apple sends devices for account-driven enrollment whose users' domain has no address for it.
#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "base/text/json.h"
#include "http/json.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_enrollment_discovery(const Call& call) {
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto discovery, apple.service->enrollment_discovery(call.context.stop));
  if (!discovery) return http::json_response(200, {{"url", nullptr}});
  return http::json_response(200, {{"url", discovery->url}, {"updated_at", discovery->updated_at}});
}

Result<http::Response> put_enrollment_discovery(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto url, string_field(body, "url", true));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(note_change(
      call, apple.account.id,
      {.action = "enrollment_discovery.saved", .after = write_json(boost::json::object{{"url", url}})}));
  MUSTER_TRY(apple.service->set_enrollment_discovery(url, call.context.stop));
  return http::json_response(200, {{"url", url}});
}

Result<http::Response> delete_enrollment_discovery(const Call& call) {
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(note_change(call, apple.account.id, {.action = "enrollment_discovery.removed"}));
  MUSTER_TRY(apple.service->remove_enrollment_discovery(call.context.stop));
  return http::json_response(200, {{"url", nullptr}});
}

}  // namespace muster::api::muster_v1
