#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/members.h"
#include "http/json.h"
#include "model/text/account_name.h"
#include "model/text/plain_name.h"
#include "model/text/words.h"
#include "sync/accounts/api_keys.h"

namespace muster::api::muster_v1 {
namespace {

constexpr long long kLongestLife = 100LL * 366 * 24 * 3600;  // seconds

Result<std::string> key_in_path(const Call& call) {
  const std::string& name = call.request.parameters.at(0);
  if (is_plain_name(name)) return name;
  return bad_plain_name(name, "a key");
}

boost::json::array accounts_of(const ApiKey& key) {
  boost::json::array accounts;
  if (key.is_for_all_accounts) accounts.emplace_back(kAllAccounts);
  for (const auto& account : key.accounts) accounts.emplace_back(account.str());
  return accounts;
}

boost::json::object to_json(const ApiKey& key) {
  boost::json::object json{{"name", key.name},
                           {"id", key.id.str()},
                           {"role", std::string(word(key.role))},
                           {"accounts", accounts_of(key)},
                           {"created_at", format_rfc3339(key.created_at)},
                           {"created_by", key.created_by}};
  put(json, "expires_at", key.expires_at);
  if (key.last_use) {
    json["last_used"] = format_rfc3339(key.last_use->day).substr(0, 10);
    json["last_address"] = key.last_use->address;
  }
  return json;
}

Result<std::optional<Role>> role_in(const boost::json::object& body) {
  MUSTER_TRY(const auto text, string_field(body, "role", body.contains("role")));
  if (text.empty()) return std::nullopt;
  for (const Role role : {Role::metrics, Role::read, Role::operate, Role::admin})
    if (text == word(role)) return role;
  return failure(Code::invalid, "unknown role \"" + text + "\"", "Use metrics, read, operator or admin");
}

Result<std::optional<std::vector<AccountName>>> accounts_in(const boost::json::object& body) {
  if (!body.contains("accounts")) return std::nullopt;
  MUSTER_TRY(const auto texts, texts_field(body, "accounts"));
  if (texts.empty())
    return failure(Code::invalid, "\"accounts\" names no account", "Use [\"*\"] for all accounts");
  if (texts.size() == 1 && texts.front() == kAllAccounts) return std::vector<AccountName>();
  std::vector<AccountName> accounts;
  for (const auto& text : texts) {
    MUSTER_TRY(auto account, parse_account_name(text));
    accounts.push_back(std::move(account));
  }
  return accounts;
}

Result<sync::ApiKeyChange> change_in(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  sync::ApiKeyChange change{.role = {}, .accounts = {}, .expires_in = {}, .by = call.key.name};
  MUSTER_TRY(change.role, role_in(body));
  MUSTER_TRY(change.accounts, accounts_in(body));
  MUSTER_TRY(const auto seconds, number_field(body, "expires_in", 0, kLongestLife));
  if (const auto* given = body.if_contains("expires_in"); given && !given->is_null())
    change.expires_in = std::chrono::seconds(seconds);
  MUSTER_TRY(change.new_text, flag_field(body, "new_key"));
  return change;
}

}  // namespace

Result<http::Response> get_keys(const Call& call) {
  MUSTER_TRY(const auto keys, call.store.read([](Reader& reader) { return reader.api_keys(); }));
  boost::json::array list;
  for (const auto& key : keys) list.push_back(to_json(key));
  return http::json_response(200, {{"keys", std::move(list)}});
}

Result<http::Response> put_key(const Call& call) {
  MUSTER_TRY(const auto name, key_in_path(call));
  MUSTER_TRY(const auto change, change_in(call));
  MUSTER_TRY(const auto applied, sync::apply_api_key(call.store, name, change, call.context.clock.now()));
  auto json = to_json(applied.key);
  json["created"] = applied.created;
  if (!applied.text.empty()) json["api_key"] = applied.text;
  return http::json_response(200, std::move(json));
}

Result<http::Response> delete_key(const Call& call) {
  MUSTER_TRY(const auto name, key_in_path(call));
  MUSTER_TRY(sync::remove_api_key(call.store, name));
  return http::json_response(200, boost::json::object());
}

}  // namespace muster::api::muster_v1
