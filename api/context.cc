#include "api/context.h"

namespace muster::api {

Result<Account> account_of(const Call& call) {
  const AccountName name(call.request.query.get("account").value_or(kDefaultAccount.str()));
  MUSTER_TRY(auto account, call.store.read([&](Reader& r) { return r.account(name); }));
  if (!account) return failure(no_such_account(name));
  return std::move(*account);
}

Result<std::vector<Account>> own_accounts(const Call& call, Reader& reader) {
  MUSTER_TRY(auto accounts, reader.accounts());
  std::erase_if(accounts, [&](const Account& account) { return !call.key.sees(account.name); });
  return accounts;
}

Result<> note_change(const Call& call, WriteScope scope, AuditChange change) {
  return call.store.write(scope, [&](Writer& writer) -> Result<> {
    writer.note_change(change);
    return {};
  });
}

Result<> note_reading(const Call& call, WriteScope scope, const char* action, const std::string& object) {
  return note_change(call, scope, {.action = action, .object = object});
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
