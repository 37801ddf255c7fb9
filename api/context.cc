#include "api/context.h"

namespace muster::api {

Result<Account> account_of(const Call& call) {
  const AccountName name(call.request.query.get("account").value_or(kDefaultAccount.str()));
  MUSTER_TRY(auto account, call.context.store.read([&](Reader& r) { return r.account(name); }));
  if (!account) return failure(Code::not_found, "no account with the name \"" + name.str() + "\"");
  return std::move(*account);
}

Result<Connected> connected(const Call& call) {
  MUSTER_TRY(auto account, account_of(call));
  MUSTER_TRY(auto service, call.context.services.of(account));
  return Connected{std::move(account), std::move(service)};
}

}  // namespace muster::api
