#include "sync/accounts/api_keys.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/log/log.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "model/text/key_text.h"
#include "model/text/words.h"

namespace muster::sync {
namespace {

Result<ApiKey> new_key(Reader& reader, const std::string& name, const ApiKeyChange& change, Time now) {
  if (!change.role)
    return failure(Code::invalid,
                   "there is no key with the name \"" + name + "\", and a new one needs a role",
                   "Say what it may do: metrics, read, operator or admin");
  MUSTER_TRY(const auto keys, reader.api_keys());
  if (keys.size() >= kMostApiKeys)
    return failure(Code::conflict,
                   "there are " + std::to_string(keys.size()) + " keys, as many as there can be",
                   "Remove keys that nobody uses: `mdmctl get api-keys` shows when each was used last");
  return ApiKey{.name = name, .created_at = now, .created_by = change.by};
}

// For the audit.
std::string json_of(const ApiKey& key) {
  boost::json::object json{{"role", std::string(word(key.role))}, {"id", key.id.str()}};
  boost::json::array accounts;
  for (const auto& account : key.accounts) accounts.emplace_back(account.str());
  json["accounts"] = key.is_for_all_accounts ? boost::json::array{"*"} : std::move(accounts);
  if (key.expires_at) json["expires_at"] = format_rfc3339(*key.expires_at);
  return write_json(json);
}

void change_key(ApiKey& key, const ApiKeyChange& change, Time now) {
  key.role = change.role.value_or(key.role);
  if (change.accounts) {
    key.accounts = *change.accounts;
    key.is_for_all_accounts = key.accounts.empty();
    std::sort(key.accounts.begin(), key.accounts.end());
    key.accounts.erase(std::unique(key.accounts.begin(), key.accounts.end()), key.accounts.end());
  }
  if (change.expires_in && *change.expires_in == Millis(0)) {
    key.expires_at.reset();
  } else if (change.expires_in) {
    key.expires_at = now + *change.expires_in;
  }
}

}  // namespace

Result<AppliedApiKey> apply_api_key(Store& store, const std::string& name, const ApiKeyChange& change,
                                    Time now) {
  const KeyText fresh = make_key_text();
  AppliedApiKey applied;
  MUSTER_TRY(store.write(installation, [&](Writer& writer) -> Result<> {
    applied = {};
    MUSTER_TRY(const auto present, writer.api_key_named(name));
    applied.created = !present;
    if (present) {
      applied.key = *present;
    } else {
      MUSTER_TRY(applied.key, new_key(writer, name, change, now));
    }
    change_key(applied.key, change, now);
    if (applied.created || change.new_text) {
      applied.key.id = fresh.id;
      applied.key.digest = digest_of_key(fresh.text);
      applied.text = fresh.text;
    }
    writer.note_change({.action = "key.changed",
                        .object = name,
                        .before = present ? json_of(*present) : "",
                        .after = json_of(applied.key)});
    return writer.put_api_key(applied.key);
  }));
  log::info("key.applied", {{"key", name},
                            {"role", word(applied.key.role)},
                            {"created", applied.created},
                            {"new_text", !applied.text.empty()},
                            {"by", change.by}});
  return applied;
}

Result<> remove_api_key(Store& store, const std::string& name) {
  MUSTER_TRY(store.write(installation, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(const auto present, writer.api_key_named(name));
    if (present) writer.note_change({.action = "key.removed", .object = name, .before = json_of(*present)});
    MUSTER_TRY(const bool removed, writer.remove_api_key(name));
    if (removed) return {};
    return failure(Code::not_found, "there is no key with the name \"" + name + "\"",
                   "`mdmctl get api-keys` lists the keys");
  }));
  log::info("key.removed", {{"key", name}});
  return {};
}

}  // namespace muster::sync
