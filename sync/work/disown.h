// Releases devices from the organisation. That is permanent: Apple does not give them back.
#pragma once

#include <span>
#include <vector>

#include "apple/service.h"
#include "sync/accounts/run_context.h"

namespace muster::sync {

/// What a release would do.
struct Disowning {
  std::vector<Device> devices;  ///< that it is about
  long long today =
      0;  ///< how many devices of the account were released in the last 24 hours, as the audit says
};

/// If a device is unknown: Code::not_found.
Result<Disowning> preview_disowning(Reader& reader, const Account& account, std::span<const Serial> serials,
                                    Time now);

/// Releases the devices. `limit`: how many an account may release in 24 hours; Code::conflict when they would
/// be more, and nothing is released. A device that Apple has released leaves at once. Where Apple's answer is
/// lost, devices may have been released nevertheless: they leave when a list says so.
Result<apple::SerialAnswers> disown_devices(const RunContext& context, std::span<const Serial> serials,
                                            long long limit);

}  // namespace muster::sync
