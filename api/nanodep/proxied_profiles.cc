// Proxied calls that change Muster's state. Muster makes them itself, which records them like its own, and
// answers in Apple's form.
#include <algorithm>
#include <boost/json.hpp>

#include "api/actor.h"
#include "api/body.h"
#include "api/handlers.h"
#include "api/nanodep/account_named.h"
#include "api/nanodep/from_apple.h"
#include "api/nanodep/proxy.h"
#include "base/text/json.h"
#include "sync/profiles/define.h"
#include "sync/work/manual.h"

namespace muster::api::nanodep {
namespace {

http::Response apple_json(const boost::json::object& json) {
  return {.status = 200,
          .headers = {{"Content-Type", "application/json;charset=UTF8"}},
          .body = write_json(json)};
}

boost::json::object to_json(const apple::SerialAnswers& answers) {
  boost::json::object json;
  for (const auto& [serial, answer] : answers.answers) json[serial.str()] = answer.text;
  return json;
}

boost::json::object assigned_json(const ProfileUuid& uuid, const apple::SerialAnswers& answers) {
  boost::json::object json{{"profile_uuid", uuid.str()}, {"devices", to_json(answers)}};
  if (answers.retry_after) json["retry_after_seconds"] = answers.retry_after->count();
  return json;
}

// A definition, without the devices that it names.
struct Split {
  std::string document;
  std::vector<Serial> serials;
};

Result<Split> split_definition(const std::string& body) {
  MUSTER_TRY(auto value, parse_json(body));
  if (!value.is_object()) return failure(Code::invalid, "a profile must be a JSON object");
  auto& profile = value.get_object();
  Split split;
  MUSTER_TRY(split.serials, serials_field(profile, "devices", false));
  if (auto* const devices = profile.find("devices"); devices != profile.end()) profile.stable_erase(devices);
  split.document = write_json(profile);
  return split;
}

// The profile is defined, whatever comes of its devices: Apple's word for one that it did not take, and
// Muster tries on.
apple::SerialAnswers none_taken(const std::vector<Serial>& serials) {
  apple::SerialAnswers answers;
  for (const auto& serial : serials) answers.answers.emplace(serial, read_answer_word("FAILED"));
  return answers;
}

}  // namespace

Result<http::Response> proxy_definition(const Call& call) {
  MUSTER_TRY(const auto split, split_definition(call.request.body));
  const auto apple = connected_account(call);
  if (!apple) return unconnected_answer(apple.error());
  const auto context = run_context(call, *apple);
  const auto defined =
      sync::define_profile(context, {.document = split.document, .by = actor_of(call.request)});
  if (!defined) return failed_answer(*apple->service, defined.error());
  const ProfileUuid& uuid = defined->profile.uuid;
  const auto answers = sync::assign_manually(context, uuid, split.serials);
  if (defined->rules > 0 || !split.serials.empty()) work_soon(call, apple->account.id);
  return apple_json(assigned_json(uuid, answers ? *answers : none_taken(split.serials)));
}

Result<http::Response> proxy_assignment(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto uuid, profile_uuid_field(body, "profile_uuid"));
  MUSTER_TRY(const auto serials, serials_field(body, "devices", false));
  const auto apple = connected_account(call);
  if (!apple) return unconnected_answer(apple.error());
  // It changes nothing, and Apple has its own words for that.
  if (!uuid || serials.empty()) return pass_on(call, *apple, true);
  const auto answers = sync::assign_manually(run_context(call, *apple), *uuid, serials);
  if (!answers) return failed_answer(*apple->service, answers.error());
  work_soon(call, apple->account.id);
  return apple_json(assigned_json(*uuid, *answers));
}

Result<http::Response> proxy_removal(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(profile_uuid_field(body, "profile_uuid"));  // which Apple does not look at
  MUSTER_TRY(const auto serials, serials_field(body, "devices", false));
  const auto apple = connected_account(call);
  if (!apple) return unconnected_answer(apple.error());
  if (serials.empty()) return pass_on(call, *apple, true);
  const auto answers = sync::remove_manually(run_context(call, *apple), serials);
  if (!answers) return failed_answer(*apple->service, answers.error());
  return apple_json({{"devices", to_json(*answers)}});
}

}  // namespace muster::api::nanodep
