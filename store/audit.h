// The audit: what operators changed (model/audit.h). Entries are added by ActingStore, in the transaction of
// the change.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/audit.h"

namespace muster {

/// Which entries to give; "" and the defaults are all.
struct AuditQuery {
  std::int64_t before = std::numeric_limits<std::int64_t>::max();  ///< a number
  Time since = Time::min();
  Time until = Time::max();
  std::string who;   ///< name of the key, or what the client said
  std::string what;  ///< action, or its beginning up to a dot: `rule`
  std::string account;
  size_t limit = 100;

  bool has_time() const { return since != Time::min() || until != Time::max(); }
};

class AuditReads {
 public:
  virtual ~AuditReads() = default;

  /// The newest first.
  virtual Result<std::vector<AuditEntry>> audit_page(const AuditQuery& query) = 0;
  /// Those behind this number, in order.
  virtual Result<std::vector<AuditEntry>> audit_after(std::int64_t number, size_t limit) = 0;
  /// The last entry that was removed because of its age; number 0 for none. The chain goes on behind it.
  virtual Result<AuditLink> audit_start() = 0;
};

class AuditWrites {
 public:
  virtual ~AuditWrites() = default;

  /// The last link of the chain. Whoever else asks for it waits until this transaction has ended.
  virtual Result<AuditLink> end_of_audit() = 0;
  /// Behind it.
  virtual Result<> add_audit(const AuditEntry& entry) = 0;
  /// Removes the first entries, as long as they are from before this time, at most `limit`. How many.
  virtual Result<long long> remove_old_audit(Time before, size_t limit) = 0;
};

}  // namespace muster
