// What an MDM server tells of a device, as MicroMDM, NanoMDM and NanoHUB post it (docs/enrollments.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time/clock.h"
#include "model/ids.h"

namespace muster::sync {

struct CheckIn {
  enum class Kind {
    authenticate,  ///< it begins to enroll: the only one that has the serial number
    token_update,  ///< it has enrolled; comes again now and then
    check_out,     ///< it is not enrolled any more
    connect,       ///< it is there
  };
  Kind kind = Kind::connect;
  std::string udid = {};  ///< upper case
  Serial serial = {};     ///< empty where the message has none
  Time at{};              ///< when the MDM server had it
  Time told_at{};         ///< when it came to us
  bool is_first = false;  ///< token_update: the MDM server says that it is the first one of an enrolment
};

/// Reads a message. Nothing for one that tells nothing of a device: of a user on it, of an enrolment that
/// hides which device it is, and of a command's answer that is too large to be looked at. Code::invalid with
/// what is wrong and where. What comes from the future is of `now`.
Result<std::optional<CheckIn>> read_check_in(std::string_view body, Time now);

}  // namespace muster::sync
