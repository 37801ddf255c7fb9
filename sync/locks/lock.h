// Locks devices at Apple (Activation Lock), with codes that open them again. A code is stored before Apple
// hears of it: whatever becomes of the answer, the code of a device that may be locked is there.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/device_lock.h"
#include "sync/accounts/run_context.h"

namespace muster::sync {

/// Devices of a request: each takes a call to Apple.
inline constexpr size_t kMostLocks = 100;

struct LockRequest {
  std::vector<Serial> serials;
  std::string message;  ///< shown on the devices; "" for none
  std::string by;       ///< name of the API key
};

struct LockAnswers {
  apple::SerialAnswers answers = {};     ///< of the devices that Apple answered about
  std::optional<Error> stopped_by = {};  ///< why Apple was asked about no others
};

/// What a request would lock. If a device is unknown: Code::not_found; if they are too many: Code::invalid.
Result<std::vector<Device>> preview_locks(Reader& reader, const Account& account,
                                          std::span<const Serial> serials);

/// Locks the devices one after the other, and stores Apple's answers. The first call that fails ends it: its
/// error is given only when Apple has answered about no device. Other errors as preview_locks().
Result<LockAnswers> lock_devices(const RunContext& context, const LockRequest& request);

}  // namespace muster::sync
