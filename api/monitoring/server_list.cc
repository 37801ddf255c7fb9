#include "api/monitoring/server_list.h"

#include <algorithm>

namespace muster::api {

Result<std::vector<ServerInfo>> server_list(const Call& call) {
  const Context& context = call.context;
  if (context.member && call.key.is_for_all_accounts) return call.store.shared()->servers();
  MUSTER_TRY(const auto accounts,
             call.store.read([&](Reader& reader) { return own_accounts(call, reader); }));
  if (context.member) {
    MUSTER_TRY(auto servers, call.store.shared()->servers());
    for (auto& server : servers)
      server.accounts = std::count_if(accounts.begin(), accounts.end(),
                                      [&](const Account& account) { return account.worker == server.id; });
    return servers;
  }
  return std::vector{ServerInfo{.id = static_cast<ServerId>(1),
                                .name = context.server_name,
                                .version = MUSTER_VERSION,
                                .started = context.started,
                                .is_alive = true,
                                .accounts = static_cast<long long>(accounts.size())}};
}

}  // namespace muster::api
