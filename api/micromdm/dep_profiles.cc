#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "http/json.h"
#include "sync/by_hand.h"

namespace muster::api::micromdm {
namespace {

boost::json::object to_json(const apple::SerialAnswers& answers) {
  boost::json::object json;
  for (const auto& [serial, answer] : answers.answers) json[serial.str()] = answer;
  return json;
}

}  // namespace

Result<http::Response> post_dep_profiles(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto uuid, string_field(body, "uuid", true));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto document, apple.service->profile(ProfileUuid(uuid), call.context.stop));
  MUSTER_TRY(auto profile, http::parse_json(document));
  if (auto* object = profile.if_object(); object && !object->contains("profile_uuid"))
    (*object)["profile_uuid"] = uuid;
  return http::json_response(200, profile);
}

Result<http::Response> put_dep_profiles(const Call& call) {
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto defined, sync::define_profile(run_context(call, apple), call.request.body));
  if (!defined.devices.answers.empty()) call.context.scheduler.request(apple.account.id);  // reads them back
  return http::json_response(200,
                             {{"profile_uuid", defined.uuid.str()}, {"devices", to_json(defined.devices)}});
}

Result<http::Response> post_dep_assign(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto uuid, string_field(body, "id", true));
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto answers, sync::assign_by_hand(run_context(call, apple), ProfileUuid(uuid), serials));
  call.context.scheduler.request(apple.account.id);
  return http::json_response(200, {{"profile_uuid", uuid}, {"devices", to_json(answers)}});
}

Result<http::Response> delete_dep_profiles(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto answers, sync::remove_by_hand(run_context(call, apple), serials));
  return http::json_response(200, {{"serials", to_json(answers)}});
}

}  // namespace muster::api::micromdm
