// What another server needs to go on with an account: `mdmctl export nanodep`.
#include <boost/json.hpp>

#include "api/handlers.h"
#include "api/members.h"
#include "http/json.h"
#include "model/text/account_name.h"

namespace muster::api::muster_v1 {
namespace {

constexpr const char* kEveryDevice = "*";

struct Exported {
  std::optional<Token> token;
  Cursor cursor;
  std::string assigner;
  long long waiting = 0;
};

Result<Exported> export_of(Reader& reader, const Account& account) {
  Exported exported;
  MUSTER_TRY(exported.token, reader.token(account.id));
  MUSTER_TRY(const auto state, reader.sync_state(account.id));
  exported.cursor = state.changes;
  MUSTER_TRY(const auto rules, reader.rules(account.id));
  for (const auto& rule : rules)
    if (rule.filter == kEveryDevice) exported.assigner = rule.profile.str();
  MUSTER_TRY(exported.waiting, reader.assignment_count(account.id));
  return exported;
}

boost::json::object to_json(const Token& token) {
  boost::json::object json{{"consumer_key", token.consumer_key},
                           {"consumer_secret", token.consumer_secret},
                           {"access_token", token.access_token},
                           {"access_secret", token.access_secret}};
  put(json, "access_token_expiry", token.access_token_expiry);
  return json;
}

}  // namespace

Result<http::Response> get_account_export(const Call& call) {
  MUSTER_TRY(const auto name, parse_account_name(call.request.parameters.at(0)));
  MUSTER_TRY(const auto found, call.store.read([&](Reader& reader) { return reader.account(name); }));
  if (!found) return failure(no_such_account(name));
  const Account& account = *found;
  MUSTER_TRY(const auto exported,
             call.store.read([&](Reader& reader) { return export_of(reader, account); }));
  MUSTER_TRY(note_reading(call, account.id, "token.read", account.name.str()));
  boost::json::object json{
      {"name", account.name.str()}, {"paused", account.paused}, {"waiting", exported.waiting}};
  if (exported.token) json["token"] = to_json(*exported.token);
  put(json, "base_url", account.base_url);
  put(json, "assigner_profile_uuid", exported.assigner);
  put(json, "cursor", exported.cursor.str());
  return http::json_response(200, std::move(json));
}

}  // namespace muster::api::muster_v1
