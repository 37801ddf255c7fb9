#include <ostream>

#include "cli/client/call.h"
#include "cli/commands/commands.h"

namespace muster::cli {

Result<> version(Call& call) {
  auto flags = call.flags();
  MUSTER_TRY(call.parse(flags));
  call.out() << "mdmctl version " MUSTER_VERSION "\n";
  return {};
}

}  // namespace muster::cli
