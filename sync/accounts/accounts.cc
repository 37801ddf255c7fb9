#include "sync/accounts/accounts.h"

#include <algorithm>
#include <boost/json.hpp>

#include "apple/session/token.h"
#include "base/log/log.h"
#include "base/text/json.h"
#include "http/url.h"
#include "model/text/account_name.h"
#include "sync/accounts/config_revision.h"
#include "sync/accounts/connect.h"

namespace muster::sync {
namespace {

// Devices erased in one transaction, for which other accounts' writes wait: 0.09 s on a busy machine, a
// million in 90 s.
constexpr size_t kEraseStep = 1000;
// Devices looked up at once; the look-up reads the index of all that the account has left.
constexpr size_t kErasePart = 100 * kEraseStep;

// The token that the account is to have, checked; nothing when it keeps the one it has, or has none.
Result<std::optional<CheckedToken>> token_for(Store& store, Services& services, const Account& account,
                                              const AccountChange& change, std::stop_token stop) {
  std::optional<Token> token;
  std::optional<KeyPair> new_pair;
  if (change.p7m) {
    MUSTER_TRY(auto opened, open_token_file(store, account, *change.p7m));
    token = std::move(opened.token);
    new_pair = std::move(opened.new_pair);
  } else if (change.token_json) {
    MUSTER_TRY(token, apple::parse_token(*change.token_json));
  } else if (change.base_url) {
    MUSTER_TRY(token, store.read([&](Reader& reader) { return reader.token(account.id); }));
  }
  if (!token) return std::nullopt;
  MUSTER_TRY(auto checked, check_token(store, services, account, *token, change.force, stop));
  checked.new_pair = std::move(new_pair);
  return std::optional(std::move(checked));
}

Result<AccountId> find_or_create(Writer& writer, const AccountName& name, bool& created) {
  MUSTER_TRY(const auto present, writer.account(name));
  created = !present;
  if (present) return present->id;
  return writer.create_account(name);
}

// For the audit.
std::string json_of(const Account& account) {
  return write_json(boost::json::object{{"base_url", account.base_url},
                                        {"paused", account.paused},
                                        {"inherit_replacements", account.inherit_replacements}});
}

}  // namespace

Result<AppliedAccount> apply_account(Store& store, Services& services, const AccountName& name,
                                     const AccountChange& change, std::stop_token stop) {
  MUSTER_TRY(parse_account_name(name.str()));
  if (change.p7m && change.token_json)
    return failure(Code::invalid, "specify p7m_content or token, not both");
  MUSTER_TRY(const auto present, store.read([&](Reader& r) -> Result<std::optional<Account>> {
    MUSTER_TRY(auto account, r.account(name));
    if (account) MUSTER_TRY(check_revision(r, account->id, change.revision));  // before Apple is asked
    return account;
  }));
  Account wanted = present.value_or(Account{});
  wanted.name = name;
  if (change.base_url && !change.base_url->empty()) {
    MUSTER_TRY(wanted.base_url, http::parse_base_url(*change.base_url));
  } else if (change.base_url) {
    wanted.base_url.clear();
  }
  MUSTER_TRY(const auto token, token_for(store, services, wanted, change, stop));

  AppliedAccount applied;
  MUSTER_TRY(store.write({installation, wanted.id}, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(wanted.id, find_or_create(writer, name, applied.created));
    MUSTER_TRY(check_revision(writer, wanted.id, change.revision));
    MUSTER_TRY(const auto before, writer.account(wanted.id));
    if (change.base_url) MUSTER_TRY(writer.put_base_url(wanted.id, wanted.base_url));
    if (change.paused) MUSTER_TRY(writer.put_paused(wanted.id, *change.paused));
    if (change.inherit_replacements)
      MUSTER_TRY(writer.put_inherit_replacements(wanted.id, *change.inherit_replacements));
    if (token) MUSTER_TRY(put_token(writer, services, wanted, *token));
    MUSTER_TRY(applied.revision, writer.config_revision(wanted.id));
    MUSTER_TRY(auto account, writer.account(wanted.id));
    applied.account = std::move(account).value();
    if (applied.created || change.base_url || change.paused || change.inherit_replacements)
      writer.note_change({.action = "account.changed",
                          .object = name.str(),
                          .before = applied.created ? "" : json_of(*before),
                          .after = json_of(applied.account)});
    else if (!token)
      writer.note_no_change();
    return {};
  }));

  if (applied.created) log::info("account.added", {{"account", name.str()}});
  if (token) log::info("token.imported", {{"account", name.str()}, {"server", token->apple.server_name}});
  if (change.paused) log::info("account.paused", {{"account", name.str()}, {"paused", *change.paused}});
  return applied;
}

Result<AccountId> remove_account(Store& store, Services& services, const AccountName& name) {
  if (name == kDefaultAccount)
    return failure(
        Code::conflict, "the account \"default\" cannot be removed: commands without -account use it",
        "To pause it, run `mdmctl apply dep-account -name default -paused`. To give it the token of another "
        "service, run `mdmctl apply dep-tokens -import FILE -force`");
  MUSTER_TRY(const auto known, store.read([&](Reader& reader) { return reader.account(name); }));
  const AccountId id = known ? known->id : AccountId{};
  MUSTER_TRY(store.write({installation, id}, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(const auto account, writer.account(name));
    if (!account || account->id != id)
      return failure(Code::not_found, "there is no account with the name \"" + name.str() + "\"",
                     "`mdmctl get dep-accounts` lists the accounts");
    writer.note_change({.action = "account.removed", .object = name.str(), .before = json_of(*account)});
    return writer.remove_account(id);
  }));
  services.forget(id);
  log::info("account.removed", {{"account", name.str()}, {"id", static_cast<long long>(id)}});
  return id;
}

Result<> erase_account(Store& store, AccountId account, std::stop_token stop) {
  long long erased = 0;
  for (;;) {
    MUSTER_TRY(const auto devices,
               store.read([&](Reader& r) { return r.devices_to_erase(account, kErasePart); }));
    for (std::span<const DeviceId> left(devices); !left.empty();) {
      if (stop.stop_requested()) return failure(Code::cancelled, "stopped while erasing a removed account");
      const auto part = left.first(std::min(left.size(), kEraseStep));
      left = left.subspan(part.size());
      MUSTER_TRY(store.write(account, [&](Writer& w) { return w.erase_devices(part); }));
      erased += static_cast<long long>(part.size());
    }
    if (devices.size() == kErasePart) continue;
    // Not yet, when a call that began before the removal has added a device since.
    MUSTER_TRY(const bool done, store.write(account, [&](Writer& w) { return w.erase_account(account); }));
    if (done) break;
  }
  log::info("account.erased", {{"id", static_cast<long long>(account)}, {"devices", erased}});
  return {};
}

}  // namespace muster::sync
