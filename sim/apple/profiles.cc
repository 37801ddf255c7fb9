// Profiles: define, read, assign, remove. A defined profile never changes.
#include <algorithm>
#include <boost/json.hpp>

#include "base/text/strings.h"
#include "sim/apple/handlers.h"
#include "sim/apple/profile_rules.h"
#include "sim/world/codec.h"

namespace muster::sim {
namespace {

// The account's own profile of that UUID; 0 when there is none.
ProfileId find_own_profile(const AppleCall& call, std::string uuid) {
  if (call.settings().lenient_uuid) {
    std::erase(uuid, '-');
    uuid = to_upper(uuid);
  }
  const ProfileId id = call.service.world.find_profile(uuid);
  return id != 0 && call.service.world.profile(id).account == call.account ? id : 0;
}

std::string results_json(const std::string& uuid, const SerialResults& results) {
  std::string out = "{\"profile_uuid\":";
  append_json_string(out, uuid);
  out += ",\"devices\":" + to_json(results);
  if (results.retry_after_s > 0) out += ",\"retry_after_seconds\":" + std::to_string(results.retry_after_s);
  return out + "}";
}

}  // namespace

http::Response define_profile(AppleCall& call) {
  const auto body = parse_body(call);
  if (!body) return call.refuse(400, "MALFORMED_REQUEST_BODY");
  if (const auto word = check_profile(*body, call.settings()); !word.empty()) return call.refuse(400, word);
  SerialList list;
  const auto* devices = body->if_contains("devices");
  if (devices && devices->is_array() && !devices->get_array().empty()) {
    list = parse_serials(call, *body, true);
    if (!list.word.empty()) return call.refuse(400, list.word);
  }
  World& world = call.service.world;
  const std::string uuid = world.new_profile_uuid();
  const ProfileId id =
      world.create_profile(call.account, uuid, std::string(body->at("profile_name").get_string()),
                           boost::json::serialize(complete_profile(*body, uuid)));
  call.record.results = assign_profile(call.assign_call(), id, list.serials);
  return call.json(results_json(uuid, call.record.results));
}

http::Response show_profile(AppleCall& call) {
  const auto uuid = call.request.query.get("profile_uuid").value_or("");
  if (uuid.empty()) return call.refuse(400, "PROFILE_UUID_REQUIRED");
  const ProfileId id = find_own_profile(call, uuid);
  if (id == 0)
    return call.refuse(static_cast<int>(call.settings().get_profile_not_found_status), "NOT_FOUND");
  return call.json(call.service.world.profile(id).document);
}

http::Response assign(AppleCall& call) {
  const auto body = parse_body(call);
  if (!body) return call.refuse(400, "MALFORMED_REQUEST_BODY");
  const auto* uuid = body->if_contains("profile_uuid");
  if (!uuid || uuid->is_null() || (uuid->is_string() && uuid->get_string().empty()))
    return call.refuse(400, "PROFILE_UUID_REQUIRED");
  if (!uuid->is_string()) return call.refuse(400, "MALFORMED_REQUEST_BODY");
  const auto list = parse_serials(call, *body, true);
  if (!list.word.empty()) return call.refuse(400, list.word);
  const ProfileId id = find_own_profile(call, std::string(uuid->get_string()));
  if (id == 0) return call.refuse(404, call.settings().profile_not_found);
  call.record.results = assign_profile(call.assign_call(), id, list.serials);
  return call.json(results_json(call.service.world.profile(id).uuid, call.record.results));
}

http::Response remove(AppleCall& call) {
  const auto body = parse_body(call);
  if (!body) return call.refuse(400, "MALFORMED_REQUEST_BODY");
  const auto list = parse_serials(call, *body, true);
  if (!list.word.empty()) return call.refuse(400, list.word);
  call.record.results = remove_profile(call.assign_call(), list.serials);
  return call.json("{\"devices\":" + to_json(call.record.results) + "}");
}

}  // namespace muster::sim
