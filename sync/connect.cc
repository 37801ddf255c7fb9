#include "sync/connect.h"

#include "apple/token.h"
#include "base/log.h"

namespace muster::sync {
namespace {

// Apple looks at the certificate's key only (apple-dep-api.md 1.1); ten years spare people a useless renewal.
constexpr int kCertificateDays = 3650;

}  // namespace

Result<KeyPair> ensure_key_pair(Store& store, const Clock& clock, const Account& account) {
  if (account.key_pair) return *account.key_pair;
  MUSTER_TRY(const auto fresh,
             apple::make_key_pair("muster " + account.name.str(), clock.now(), kCertificateDays));
  // Two may ask at once: the first one stored is everybody's, for a token is made for one certificate.
  return store.write([&](Writer& writer) -> Result<KeyPair> {
    MUSTER_TRY(const auto present, writer.account(account.id));
    if (present && present->key_pair) return *present->key_pair;
    MUSTER_TRY(writer.put_key_pair(account.id, fresh));
    return fresh;
  });
}

Result<Token> import_token(Store& store, Services& services, const Account& account, const std::string& p7m,
                           bool force, std::stop_token stop) {
  if (!account.key_pair)
    return failure(
        Code::conflict, "this server has no key pair yet, so the token can't have been made for it",
        "Run `mdmctl get dep-tokens -export-public-key FILE`, upload FILE to the portal and download a new "
        "token");
  MUSTER_TRY(const auto token, apple::open_token(p7m, *account.key_pair));
  auto apple = services.for_token(account, token)->account(stop);
  if (!apple) return failure(apple.error().while_doing("the token was opened, but Apple does not accept it"));
  if (account.apple && !account.apple->server_uuid.empty() &&
      account.apple->server_uuid != apple->server_uuid && !force)
    return failure(Code::conflict,
                   "this token is of another service of the portal, \"" + apple->server_name +
                       "\", not of \"" + account.apple->server_name + "\"",
                   "Download the token of the right service; the present token stays in use");

  MUSTER_TRY(store.write([&](Writer& writer) -> Result<> {
    MUSTER_TRY(writer.put_token(account.id, token));
    return writer.put_apple_account(account.id, *apple);
  }));
  log::info("token.imported", {{"account", account.name.str()}, {"server", apple->server_name}});
  return token;
}

}  // namespace muster::sync
