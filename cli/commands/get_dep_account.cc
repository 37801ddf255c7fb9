#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/table.h"

namespace muster::cli {

Result<> get_dep_account(Call& call) {
  auto flags = call.flags();
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto account, server.get("/v1/dep/account"));
  if (account.empty()) return failure(Code::remote, "the server gave no account");

  Table table(call.out(), {"OrgName", "OrgPhone", "OrgEmail", "ServerName"});
  table.add({text_of(account, "org_name"), text_of(account, "org_phone"), text_of(account, "org_email"),
             text_of(account, "server_name")});
  table.flush();
  return {};
}

}  // namespace muster::cli
