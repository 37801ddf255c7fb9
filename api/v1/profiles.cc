#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/json/plan_query.h"
#include "api/members.h"
#include "api/query.h"
#include "base/text/json.h"
#include "http/json.h"
#include "sync/profiles/registry.h"

namespace muster::api::muster_v1 {
namespace {

constexpr long long kMostVersions = 1'000'000'000;

boost::json::object to_json(const sync::RegistryEntry& entry) {
  const Profile& profile = entry.profile;
  boost::json::object json{
      {"name", profile.name},        {"version", profile.version},
      {"current", entry.is_current}, {"profile_uuid", profile.uuid.str()},
      {"devices", entry.devices},    {"rules", boost::json::array(entry.rules.begin(), entry.rules.end())}};
  put(json, "defined_at", profile.defined_at);
  put(json, "defined_by", profile.defined_by);
  put(json, "unknown_at_apple", profile.unknown_at_apple);
  return json;
}

boost::json::array to_json(const std::vector<sync::RegistryEntry>& entries) {
  boost::json::array list;
  for (const auto& entry : entries) list.push_back(to_json(entry));
  return list;
}

// The version that the query asks for, else the current one.
Result<const sync::RegistryEntry*> version_of(const std::vector<sync::RegistryEntry>& entries,
                                              long long version) {
  for (const auto& entry : entries)
    if (version > 0 ? entry.profile.version == version : entry.is_current) return &entry;
  return failure(Code::not_found, "there is no version " + std::to_string(version) + " of this profile");
}

}  // namespace

Result<http::Response> get_profiles(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto entries,
             call.store.read([&](Reader& reader) { return sync::registry_of(reader, account.id); }));
  return http::json_response(200, {{"profiles", to_json(entries)}});
}

Result<http::Response> get_profile(const Call& call) {
  MUSTER_TRY(const auto version, number_in_query(call, "version", 1, kMostVersions, 0));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto entries, call.store.read([&](Reader& reader) {
    return sync::registry_of(reader, account.id, call.request.parameters.at(0));
  }));
  MUSTER_TRY(const auto* entry, version_of(entries, version));
  MUSTER_TRY(auto document, parse_json(entry->profile.document));
  auto json = to_json(*entry);
  json["document"] = std::move(document);
  json["versions"] = to_json(entries);
  return http::json_response(200, std::move(json));
}

Result<http::Response> post_profile_rollback(const Call& call) {
  MUSTER_TRY(const auto body, optional_json_body(call));
  MUSTER_TRY(const auto version, number_field(body, "version", 0, kMostVersions));
  MUSTER_TRY(auto how, change_options(call, body));
  MUSTER_TRY(const auto account, account_of(call));
  const auto wanted = version > 0 ? std::optional(static_cast<int>(version)) : std::nullopt;
  MUSTER_TRY(const auto done,
             sync::roll_back(call.store, account, call.request.parameters.at(0), wanted, std::move(how)));
  if (done.outcome.applied && done.rules > 0) work_soon(call, account.id);
  MUSTER_TRY(auto json, outcome_json(call, account, done.outcome));
  json["name"] = done.profile.name;
  json["version"] = done.profile.version;
  json["profile_uuid"] = done.profile.uuid.str();
  json["rules"] = done.rules;
  json["before"] = {{"version", done.before.version}, {"devices", done.devices_before}};
  return http::json_response(200, std::move(json));
}

}  // namespace muster::api::muster_v1
