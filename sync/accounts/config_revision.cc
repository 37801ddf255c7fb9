#include "sync/accounts/config_revision.h"

namespace muster::sync {

Result<> check_revision(Reader& reader, AccountId account, std::optional<long long> meant_for) {
  if (!meant_for) return {};
  MUSTER_TRY(const auto present, reader.config_revision(account));
  if (present == *meant_for) return {};
  return failure(Code::conflict,
                 "the configuration has changed meanwhile (revision " + std::to_string(present) +
                     " now, not " + std::to_string(*meant_for) + ")",
                 "Look at it again: `mdmctl apply -f FILE -dry-run`");
}

}  // namespace muster::sync
