#include <boost/json.hpp>

#include "api/actor.h"
#include "api/body.h"
#include "api/handlers.h"
#include "api/json/plan_query.h"
#include "api/query.h"
#include "base/text/json.h"
#include "http/json.h"
#include "sync/profiles/define.h"
#include "sync/work/manual.h"

namespace muster::api::micromdm {
namespace {

boost::json::object to_json(const apple::SerialAnswers& answers) {
  boost::json::object json;
  for (const auto& [serial, answer] : answers.answers) json[serial.str()] = answer.text;
  return json;
}

}  // namespace

Result<http::Response> post_dep_profiles(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto uuid, required_profile_uuid(body, "uuid"));
  MUSTER_TRY(const auto document, apple.service->profile(uuid, call.context.stop));
  MUSTER_TRY(auto profile, parse_json(document));
  if (auto* object = profile.if_object(); object && !object->contains("profile_uuid"))
    (*object)["profile_uuid"] = uuid.str();
  return http::json_response(200, profile);
}

Result<http::Response> put_dep_profiles(const Call& call) {
  MUSTER_TRY(const bool if_changed, flag_in_query(call, "if_changed"));
  MUSTER_TRY(const auto how, muster_v1::change_options_in_query(call));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto defined,
             sync::define_profile(run_context(call, apple), {.document = call.request.body,
                                                             .by = actor_of(call.request),
                                                             .if_changed = if_changed,
                                                             .how = how}));
  // Reads back what was assigned, and sends what waits for a rule that follows the profile's name.
  if (defined.outcome.applied && defined.rules > 0) work_soon(call, apple.account.id);
  const bool has_uuid = defined.outcome.applied || !defined.is_new;
  boost::json::object json;
  if (has_uuid) json["profile_uuid"] = defined.profile.uuid.str();
  json["devices"] = to_json(defined.devices);
  // Of a first version, MicroMDM's answer says all.
  if (defined.before || !defined.is_new || !defined.outcome.applied) {
    json["name"] = defined.profile.name;
    json["version"] = defined.profile.version;
    json["unchanged"] = !defined.is_new;
    MUSTER_TRY(auto plan, muster_v1::outcome_json(call, apple.account, defined.outcome,
                                                  has_uuid ? nullptr : &defined.profile));
    json["applied"] = plan["applied"];
    json["plan"] = std::move(plan["plan"]);
  }
  if (defined.before) {
    json["rules"] = defined.rules;
    json["before"] = {{"version", defined.before->version}, {"devices", defined.devices_before}};
  }
  if (how.revision) json["revision"] = defined.outcome.revision;
  return http::json_response(200, std::move(json));
}

Result<http::Response> post_dep_assign(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto uuid, required_profile_uuid(body, "id"));
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const auto answers, sync::assign_manually(run_context(call, apple), uuid, serials));
  work_soon(call, apple.account.id);
  return http::json_response(200, {{"profile_uuid", uuid.str()}, {"devices", to_json(answers)}});
}

Result<http::Response> delete_dep_profiles(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto answers, sync::remove_manually(run_context(call, apple), serials));
  return http::json_response(200, {{"serials", to_json(answers)}});
}

}  // namespace muster::api::micromdm
