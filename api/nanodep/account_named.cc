#include "api/nanodep/account_named.h"

#include "model/text/account_name.h"
#include "sync/accounts/accounts.h"

namespace muster::api::nanodep {

Result<Account> account_named(const Call& call) {
  const AccountName name(call.request.parameters.at(0));
  MUSTER_TRY(auto account, call.store.read([&](Reader& reader) { return reader.account(name); }));
  if (!account) return failure(no_such_account(name));
  return *std::move(account);
}

Result<Connected> connected_account(const Call& call) {
  MUSTER_TRY(auto account, account_named(call));
  MUSTER_TRY(auto service, call.context.services.of(account));
  return Connected{std::move(account), std::move(service)};
}

Result<Account> account_made(const Call& call) {
  MUSTER_TRY(const auto name, parse_account_name(call.request.parameters.at(0)));
  MUSTER_TRY(auto applied,
             sync::apply_account(call.store, call.context.services, name, {}, call.context.stop));
  return std::move(applied.account);
}

}  // namespace muster::api::nanodep
