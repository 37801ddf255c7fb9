#include "sync/accounts/connect.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <span>

#include "apple/session/key_ring.h"
#include "apple/session/token.h"
#include "base/log/log.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "model/text/account_name.h"
#include "model/text/document_kind.h"

namespace muster::sync {
namespace {

// Apple looks at the certificate's key only (apple-dep-api.md 1.1); ten years spare users a useless renewal.
constexpr int kCertificateDays = 3650;
constexpr size_t kLongestCommonName = 64;  // RFC 5280; an account's name alone may be as long

// Two accounts with one service would both assign its devices, each by its own rules.
Result<> check_single(Reader& reader, const Services& services, const Account& account,
                      const CheckedToken& checked) {
  MUSTER_TRY(const auto same,
             reader.accounts_of_service(checked.token.consumer_key, checked.apple.server_uuid));
  for (const auto& other : same) {
    const bool is_other = other.id != account.id && other.token.has_value();
    if (is_other && services.base_url_of(other) == services.base_url_of(account))
      return failure(
          Code::conflict,
          "the token belongs to the service \"" + checked.apple.server_name +
              "\", which another account already uses",
          "A service can belong to one account only; `mdmctl get dep-accounts` lists the accounts. Download the token of "
          "another service, or remove the other account first");  // without its name: the key may be for this
                                                                  // one only
  }
  return {};
}

Result<KeyPair> make_pair(const Account& account, const Clock& clock) {
  return apple::make_key_pair(("muster " + account.name.str()).substr(0, kLongestCommonName), clock.now(),
                              kCertificateDays);
}

// The error is that of the newest pair, which the token should be for.
Result<OpenedToken> open_with(const KeyPair& stored, const std::string& p7m) {
  const auto pairs = apple::pairs_in(stored);
  auto token = apple::open_token(p7m, pairs.front());
  if (token)
    return OpenedToken{*std::move(token), pairs.size() > 1 ? std::optional(pairs.front()) : std::nullopt};
  for (const auto& older : std::span(pairs).subspan(1))
    if (auto other = apple::open_token(p7m, older)) return OpenedToken{*std::move(other), std::nullopt};
  return failure(token.error());
}

// For the audit: what is no secret.
std::string json_of(const TokenInfo& token) {
  boost::json::object json{{"consumer_key", token.consumer_key}};
  if (token.access_token_expiry) json["access_token_expiry"] = format_rfc3339(*token.access_token_expiry);
  return write_json(json);
}

}  // namespace

Result<KeyPair> ensure_key_pair(Store& store, const Clock& clock, const Account& account) {
  MUSTER_TRY(auto stored, store.read([&](Reader& reader) { return reader.key_pair(account.id); }));
  if (stored) return *std::move(stored);
  MUSTER_TRY(const auto fresh, make_pair(account, clock));
  // Two may ask at once: the first one stored is everybody's, for a token is made for one certificate.
  return store.write(account.id, [&](Writer& writer) -> Result<KeyPair> {
    MUSTER_TRY(const auto present, writer.key_pair(account.id));
    if (present) {
      writer.note_no_change();
      return *present;
    }
    writer.note_change({.action = "key_pair.created", .object = account.name.str()});
    MUSTER_TRY(writer.put_key_pair(account.id, fresh));
    return fresh;
  });
}

Result<KeyPair> renew_key_pair(Store& store, const Clock& clock, const Account& account,
                               const std::optional<CertificateText>& text) {
  MUSTER_TRY(const auto fresh, text ? apple::make_key_pair(text->common_name, clock.now(), text->days)
                                    : make_pair(account, clock));
  MUSTER_TRY(store.write(account.id, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(const auto present, writer.account(account.id));
    if (!present) return failure(Code::not_found, "the account \"" + account.name.str() + "\" was removed");
    writer.note_change({.action = "key_pair.renewed", .object = account.name.str()});
    MUSTER_TRY(const auto pair, writer.key_pair(account.id));
    return writer.put_key_pair(account.id, pair ? apple::joined(fresh, *pair) : fresh);
  }));
  log::info("key_pair.renewed", {{"account", account.name.str()}});
  return fresh;
}

Result<OpenedToken> open_token_file(Store& store, const Account& account, const std::string& p7m) {
  const auto kind = kind_of_document(p7m);
  if (kind != DocumentKind::other && kind != DocumentKind::server_token)
    return failure(Code::invalid,
                   fmt::format("this is {}, not a server token of Apple's portal (.p7m)", description(kind)),
                   remedy_for(kind, "FILE", account_flag(account.name)));
  MUSTER_TRY(const auto pair, store.read([&](Reader& reader) { return reader.key_pair(account.id); }));
  if (pair) return open_with(*pair, p7m);
  const std::string add =
      account.id == AccountId{} ? "`mdmctl apply dep-account -name " + account.name.str() + "`, then " : "";
  return failure(
      Code::conflict,
      (account.name == kDefaultAccount ? "this server" : "the account \"" + account.name.str() + "\"") +
          std::string(" has no key pair yet, so the token cannot be for it"),
      "Run " + add + "`mdmctl get dep-tokens" + account_flag(account.name) +
          " -export-public-key FILE`, upload FILE to the portal and download a new token");
}

Result<CheckedToken> check_token(Store& store, Services& services, const Account& account, const Token& token,
                                 bool force, std::stop_token stop) {
  auto apple = services.for_token(account, token)->account(stop);
  if (!apple) return failure(apple.error().while_doing("the token was decrypted, but Apple rejected it"));
  CheckedToken checked{token, std::move(*apple), false};
  MUSTER_TRY(store.read([&](Reader& r) { return check_single(r, services, account, checked); }));
  checked.other_service = account.apple && !account.apple->server_uuid.empty() &&
                          account.apple->server_uuid != checked.apple.server_uuid;
  if (checked.other_service && !force)
    return failure(
        Code::conflict,
        "the token belongs to another service, \"" + checked.apple.server_name + "\", not to \"" +
            account.apple->server_name + "\"",
        "Download the token of the right service; the current token stays in use. To switch to the other service "
        "with all its devices, use -force. To use both, add an account: `mdmctl apply dep-account -name NAME`");
  return checked;
}

Result<> put_token(Writer& writer, const Services& services, const Account& account,
                   const CheckedToken& checked) {
  MUSTER_TRY(check_single(writer, services, account, checked));
  MUSTER_TRY(const auto present, writer.account(account.id));
  writer.note_change({.action = "token.imported",
                      .object = account.name.str(),
                      .before = present && present->token ? json_of(*present->token) : "",
                      .after = json_of(checked.token.info())});
  MUSTER_TRY(writer.put_token(account.id, checked.token));
  if (checked.new_pair) MUSTER_TRY(writer.put_key_pair(account.id, *checked.new_pair));
  MUSTER_TRY(writer.put_apple_account(account.id, checked.apple));
  // A pause that Apple asked for was the old token's; and Apple has just answered the new one.
  MUSTER_TRY(auto health, writer.health(account.id));
  health.not_before.reset();
  MUSTER_TRY(writer.put_health(account.id, health));
  for (const Lane lane : kLanes) MUSTER_TRY(writer.put_lane_trouble(account.id, lane, std::nullopt));
  // The cursor is the old service's; and what the new one has was there before us: a baseline, no arrivals.
  return checked.other_service ? writer.put_sync_state(account.id, {}) : Result<>{};
}

Result<Token> import_token(Store& store, Services& services, const Account& account, const std::string& p7m,
                           bool force, std::stop_token stop) {
  MUSTER_TRY(const auto opened, open_token_file(store, account, p7m));
  MUSTER_TRY(auto checked, check_token(store, services, account, opened.token, force, stop));
  checked.new_pair = opened.new_pair;
  MUSTER_TRY(store.write({installation, account.id},
                         [&](Writer& writer) { return put_token(writer, services, account, checked); }));
  log::info("token.imported", {{"account", account.name.str()}, {"server", checked.apple.server_name}});
  return opened.token;
}

}  // namespace muster::sync
