// Whether the audit is as it was written.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "store/store.h"

namespace muster {

struct AuditVerdict {
  long long entries = 0;  ///< that were checked
  AuditLink first;        ///< the one behind which the chain begins: removed because of its age, or 0
  AuditLink last;         ///< the last that is sound
  /// The number of an entry that was changed, removed or added, and what is wrong with it.
  std::optional<std::int64_t> broken_at;
  std::string fault;
};

/// Reads all entries, some thousand in a view. `known`: a link that was noted elsewhere must be in the chain;
/// without it, entries removed from its end and a rebuilt chain are not detected. Code::cancelled when `stop`
/// was requested.
Result<AuditVerdict> check_audit(Store& store, const std::optional<AuditLink>& known, std::stop_token stop);

}  // namespace muster
