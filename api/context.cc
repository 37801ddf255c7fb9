#include "api/context.h"

namespace muster::api {

Result<Account> account_of(const Call& call) {
  const AccountName name(call.request.query.get("account").value_or(kDefaultAccount.str()));
  MUSTER_TRY(auto account, call.context.store.read([&](Reader& r) { return r.account(name); }));
  if (!account) return failure(Code::not_found, "there is no account with the name \"" + name.str() + "\"");
  return std::move(*account);
}

Result<> refuse_paused(const Account& account) {
  if (!account.paused) return {};
  return failure(
      Code::conflict, "the account \"" + account.name.str() + "\" is paused",
      "To resume it, run `mdmctl apply dep-account -name " + account.name.str() + " -paused=false`");
}

Result<Connected> connected(const Call& call) {
  MUSTER_TRY(auto account, account_of(call));
  MUSTER_TRY(auto service, call.context.services.of(account));
  return Connected{std::move(account), std::move(service)};
}

}  // namespace muster::api
