#include "sync/accounts/config_revision.h"

namespace muster::sync {

Result<> check_revision(Reader& reader, AccountId account, std::optional<long long> expected) {
  if (!expected) return {};
  MUSTER_TRY(const auto present, reader.config_revision(account));
  if (present == *expected) return {};
  return failure(Code::conflict,
                 "the configuration was changed: its revision is " + std::to_string(present) + ", not " +
                     std::to_string(*expected),
                 "Review the difference: `mdmctl apply -f FILE -dry-run`");
}

}  // namespace muster::sync
