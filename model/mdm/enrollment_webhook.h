// The secret of the messages that MDM servers send us (docs/enrollments.md). Without it none are taken.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"

namespace muster {

struct EnrollmentWebhook {
  std::string secret = {};
  std::string old_secret = {};  ///< is taken, too, until `old_secret_until`; "" for none
  std::optional<Time> old_secret_until = {};
  Time made_at{};
  std::string made_by = {};  ///< name of the API key

  friend bool operator==(const EnrollmentWebhook&, const EnrollmentWebhook&) = default;
};

}  // namespace muster
