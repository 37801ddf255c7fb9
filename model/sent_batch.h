// An assign call that is in progress, or whose answer is not stored yet: one row, however many devices it
// has.
#pragma once

#include <cstdint>

#include "base/time/clock.h"
#include "model/assignment.h"
#include "model/ids.h"

namespace muster {

enum class SentBatchId : std::int64_t {};

/// The assignments of one profile and urgency that are `due`, from (first_try, first_device) to (last_try,
/// last_device) in the order in which they are sent. While the row is there, each of them counts as
/// in_flight.
struct SentBatch {
  SentBatchId id{};
  AccountId account{};
  ProfileUuid profile;
  Assignment::Urgency urgency = Assignment::Urgency::arrival;
  Time first_try{}, last_try{};  ///< next_try of the first and the last one
  DeviceId first_device{}, last_device{};
  Time sent_at{};

  friend bool operator==(const SentBatch&, const SentBatch&) = default;
};

}  // namespace muster
