#include <boost/json.hpp>

#include "api/handlers.h"
#include "api/json/device.h"
#include "api/json/enrollment.h"
#include "api/json/profile_names.h"
#include "api/json/rule.h"
#include "api/members.h"
#include "api/query.h"
#include "http/json.h"
#include "model/text/words.h"
#include "sync/rules/explain.h"

namespace muster::api::muster_v1 {
namespace {

struct Explained {
  Account account;
  sync::Explanation explanation;
  std::vector<Profile> profiles;
};

// The account and the device are in the path.
Result<Explained> explained(const Call& call) {
  MUSTER_TRY(const auto name, account_of_device(call));
  const Serial serial = serial_in_path(call, 1);
  return call.store.read([&](Reader& reader) -> Result<Explained> {
    MUSTER_TRY(auto account, reader.account(name));
    if (!account) return failure(no_such_account(name));
    MUSTER_TRY(auto explanation, sync::explain(reader, *account, serial, call.context.clock.now()));
    MUSTER_TRY(auto profiles, reader.profiles(account->id));
    return Explained{std::move(*account), std::move(explanation), std::move(profiles)};
  });
}

boost::json::array rules_of(const sync::Explanation& explanation, const ProfileNames& names) {
  boost::json::array list;
  const auto& covering = explanation.covering;
  for (size_t i = 0; i < explanation.rules.size(); ++i) {
    const Rule& rule = explanation.rules[i];
    const bool covers = std::find(covering.begin(), covering.end(), static_cast<int>(i)) != covering.end();
    boost::json::object json{
        {"filter", rule.filter},
        {"scope", std::string(word(rule.scope))},
        {"version", rule.version},
        {"covers", covers},
        {"wins", covers && covering.front() == static_cast<int>(i) && rule.filter_error.empty()},
        {"decided", rule.id == explanation.device.desired.rule}};
    names.put(json, "profile_uuid", rule.profile);
    put(json, "name", rule.name);
    put_trouble(json, rule);
    list.push_back(std::move(json));
  }
  return list;
}

boost::json::object enrollment_of(const sync::Explanation& explanation, const ProfileNames& names) {
  const Enrollment& enrollment = *explanation.enrollment;
  auto json = muster_v1::to_json(enrollment, explanation.device);
  if (!enrollment.profile.empty()) names.put(json, "profile_uuid", enrollment.profile);
  for (const auto& rule : explanation.rules)
    if (rule.id == enrollment.rule) json["rule"] = title_of(rule);
  return json;
}

}  // namespace

Result<http::Response> get_device(const Call& call) {
  MUSTER_TRY(const auto found, explained(call));
  const auto& explanation = found.explanation;
  const Device& device = explanation.device;
  const ProfileNames names(found.profiles);
  auto json = to_json(found.account, device);
  if (!device.facts.profile_uuid.empty()) names.put(json, "profile_uuid", device.facts.profile_uuid);
  if (!device.desired.profile.empty()) names.put(json, "desired_profile_uuid", device.desired.profile);
  if (const auto& tombstone = device.tombstone) {
    json["left_at"] = format_rfc3339(tombstone->at);
    json["left_reason"] = std::string(word(tombstone->reason));
  }
  put(json, "desired_at", device.desired.at);
  if (explanation.assignment) json["assignment"] = to_json(*explanation.assignment);
  if (explanation.enrollment) json["enrollment"] = enrollment_of(explanation, names);
  put(json, "late_since", explanation.late_since);
  json["rules"] = rules_of(explanation, names);
  if (explanation.backfill.state != Backfill::State::none && device.id > explanation.backfill.position)
    json["backfill"] = std::string(word(explanation.backfill.state));
  return http::json_response(200, {{"device", std::move(json)}});
}

Result<http::Response> get_device_history(const Call& call) {
  MUSTER_TRY(const auto found, explained(call));
  const auto& history = found.explanation.history;
  const auto at_text = call.request.query.get("at").value_or("");
  auto at = parse_rfc3339(at_text);
  if (!at_text.empty() && !at)
    return failure(Code::invalid, "\"at\" is not a time: \"" + at_text + "\"",
                   "Use the form 2026-03-01T09:00:00Z");
  // Times are shown in whole seconds: what is shown for that second is part of it.
  if (at && at_text.find('.') == std::string::npos) *at += std::chrono::milliseconds(999);
  boost::json::array list;
  for (const auto& entry : history) {
    if (at && entry.at > *at) break;
    boost::json::object json{{"at", format_rfc3339(entry.at)}, {"kind", std::string(word(entry.kind))}};
    put(json, "detail", entry.detail);
    list.push_back(std::move(json));
  }
  boost::json::object answer{{"history", std::move(list)}};
  if (at) {
    const auto then = sync::state_at(history, *at);
    boost::json::object state{{"known", then.known}, {"contested", then.contested}};
    put(state, "observed", then.observed);
    put(state, "desired", then.desired);
    put(state, "last_answer", then.last_answer);
    put(state, "left_at", then.left_at);
    answer["state"] = std::move(state);
  }
  return http::json_response(200, std::move(answer));
}

}  // namespace muster::api::muster_v1
