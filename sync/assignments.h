// The assignment worker: durable work becomes calls to Apple, and Apple's answers become durable.
#pragma once

#include <functional>

#include "apple/service.h"
#include "store/store.h"
#include "sync/run.h"

namespace muster::sync {

struct WorkReport {
  int calls = 0;            ///< assign calls
  long long assigned = 0;   ///< answers SUCCESS
  long long failed = 0;     ///< any other answer
  long long confirmed = 0;  ///< read back and there

  WorkReport& operator+=(const WorkReport& other);
};

/// Works off what is due for the account, in order of urgency: one call at a time, at most 1,000 serials a call.
/// Returns when nothing is due, or early when `interrupted` says that something more urgent waits. An error ends it
/// where it is; everything answered before is stored.
Result<WorkReport> work_assignments(
    const RunContext& context, const std::function<bool()>& interrupted = [] { return false; });

}  // namespace muster::sync
