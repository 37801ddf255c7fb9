#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <string_view>

#include "api/actor.h"
#include "api/body.h"
#include "api/handlers.h"
#include "base/time/rfc3339.h"
#include "http/json.h"
#include "model/text/account_name.h"
#include "model/text/ids_text.h"
#include "sync/handover/import.h"
#include "sync/profiles/adopt.h"

namespace muster::api::muster_v1 {
namespace {

constexpr size_t kLongestSource = 40;
constexpr size_t kMostPairs = 2;       // NanoDEP has two: staged and current
constexpr size_t kMostProfiles = 100;  // each is a request to Apple

// It goes into the audit and the registry.
bool is_source_name(std::string_view text) {
  return text.size() <= kLongestSource && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return (c < 0x80 && std::isalnum(c)) || c == '.' || c == '_' || c == '-';
         });
}

Result<std::vector<KeyPair>> key_pairs_in(const boost::json::object& body) {
  std::vector<KeyPair> pairs;
  const auto* list = body.if_contains("key_pairs");
  if (!list || list->is_null()) return pairs;
  if (!list->is_array() || list->get_array().size() > kMostPairs)
    return failure(Code::invalid,
                   fmt::format("\"key_pairs\" must be a list of at most {} objects", kMostPairs));
  for (const auto& each : list->get_array()) {
    if (!each.is_object()) return failure(Code::invalid, "\"key_pairs\" must be a list of objects");
    const auto& object = each.get_object();
    MUSTER_TRY(only_members(object, "certificate_pem private_key_pem", "a pair of \"key_pairs\""));
    KeyPair pair;
    MUSTER_TRY(pair.certificate_pem, string_field(object, "certificate_pem", true));
    MUSTER_TRY(pair.private_key_pem, string_field(object, "private_key_pem", true));
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

Result<std::vector<ProfileUuid>> profiles_in(const boost::json::object& body) {
  MUSTER_TRY(const auto texts, texts_field(body, "profile_uuids"));
  if (texts.size() > kMostProfiles)
    return failure(Code::invalid, fmt::format("\"profile_uuids\" has more than {} UUIDs", kMostProfiles),
                   "Leave the others out: POST /api/v1/profiles/import adds what devices have");
  std::vector<ProfileUuid> uuids;
  for (const auto& text : texts) {
    if (!is_profile_uuid(text))
      return failure(Code::invalid,
                     fmt::format("\"{}\" in \"profile_uuids\" is no profile UUID (32 hex digits)", text));
    uuids.emplace_back(text);
  }
  return uuids;
}

Result<sync::AccountImport> import_in(const boost::json::object& body, Time now) {
  sync::AccountImport given;
  MUSTER_TRY(given.source, string_field(body, "source", true));
  if (!is_source_name(given.source))
    return failure(Code::invalid,
                   "\"source\" must be the name of a program: up to 40 letters, digits, and . _ -",
                   "For example NanoDEP");
  if (const auto* token = body.if_contains("token"); token && !token->is_null()) {
    if (!token->is_object()) return failure(Code::invalid, "\"token\" must be an object");
    given.token_json = boost::json::serialize(*token);
  }
  MUSTER_TRY(const auto base_url, string_field(body, "base_url", false));
  if (!base_url.empty()) given.base_url = base_url;
  MUSTER_TRY(given.key_pairs, key_pairs_in(body));
  MUSTER_TRY(given.assigner, profile_uuid_field(body, "assigner_profile_uuid"));
  MUSTER_TRY(given.profiles, profiles_in(body));
  MUSTER_TRY(const auto cursor, string_field(body, "cursor", false));
  given.cursor = Cursor(cursor);
  MUSTER_TRY(const auto since, string_field(body, "arrivals_since", false));
  if (since.empty()) return given;
  given.synced_at = parse_rfc3339(since);
  if (!given.synced_at || *given.synced_at > now)
    return failure(Code::invalid,
                   "\"arrivals_since\" must be a moment in the past, such as 2026-03-01T09:00:00Z");
  return given;
}

boost::json::object to_json(const sync::AdoptedProfile& adopted) {
  boost::json::object json{{"profile_uuid", adopted.profile.uuid.str()},
                           {"name", adopted.profile.name},
                           {"result", adopted.error ? "rejected" : "imported"}};
  if (adopted.error)
    json["detail"] = adopted.error->message;
  else if (adopted.profile.defined_at != Time{})
    json["version"] = adopted.profile.version;
  return json;
}

}  // namespace

Result<http::Response> post_account_import(const Call& call) {
  MUSTER_TRY(const auto name, parse_account_name(call.request.parameters.at(0)));
  MUSTER_TRY(const auto body, json_body(call));
  const Context& context = call.context;
  MUSTER_TRY(const auto given, import_in(body, context.clock.now()));
  MUSTER_TRY(const bool dry_run, flag_field(body, "dry_run"));
  MUSTER_TRY(const auto report, sync::import_account(call.store, context.services, context.clock, name, given,
                                                     actor_of(call.request), dry_run, context.stop));
  if (report.applied) context.runs.restart(report.account);
  boost::json::array parts;
  for (const auto& part : report.parts) {
    boost::json::object json{{"part", part.part}, {"result", std::string(word(part.outcome))}};
    if (!part.detail.empty()) json["detail"] = part.detail;
    parts.push_back(std::move(json));
  }
  return http::json_response(
      200, {{"name", name.str()}, {"applied", report.applied}, {"parts", std::move(parts)}});
}

Result<http::Response> post_profiles_import(const Call& call) {
  MUSTER_TRY(const auto body, optional_json_body(call));
  MUSTER_TRY(const bool dry_run, flag_field(body, "dry_run"));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto adoption,
             sync::adopt_profiles(run_context(call, apple), actor_of(call.request), dry_run));
  boost::json::array profiles;
  for (const auto& adopted : adoption.profiles) profiles.push_back(to_json(adopted));
  return http::json_response(200, {{"profiles", std::move(profiles)}, {"left", adoption.left}});
}

}  // namespace muster::api::muster_v1
