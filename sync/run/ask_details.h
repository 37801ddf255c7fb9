// Apple's details of single devices, where one of them may make Apple reject the whole call.
#pragma once

#include <map>
#include <span>

#include "apple/answers/values.h"
#include "sync/run/lane_context.h"

namespace muster::sync {

using Details = std::map<Serial, apple::DeviceDetails>;

/// The calls of one run of the lane of questions.
///
/// A rejected call is divided in halves, and these again, until the device is isolated: 2 * log2(1,000) + 1
/// calls for one device. As long as nothing was answered the reason may not be a device at all: then a few
/// rejections end the attempt.
class DetailCalls {
 public:
  explicit DetailCalls(const LaneContext& context);

  /// At most kDetailsLimit serial numbers, at least one. A device that is rejected alone has Apple's answer
  /// as an unknown one; a device that was not asked about, because too many calls were rejected, is missing.
  /// The error is Apple's when nothing was answered, in this call or an earlier one of the run.
  Result<Details> ask(std::span<const Serial> serials);

  /// Some call of the run was answered.
  bool answered() const { return answers_ > 0; }
  /// Another call makes sense: not too many were rejected yet.
  bool is_patient() const;
  /// For the next run, what was learned in this one.
  void remember() const;

 private:
  Result<Details> ask_in_halves(std::span<const Serial> serials, const Error& rejection);

  const LaneContext& context_;
  int answers_ = 0;
  int rejections_ = 0;
};

}  // namespace muster::sync
