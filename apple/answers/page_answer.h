// A page of the device list as Apple sent it. The cursor is read before the devices, so that the next page
// can be requested early.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/device.h"

namespace muster::apple {

/// A page of the device list.
struct DevicePage {
  std::vector<DeviceReport> devices;
  Cursor cursor;                ///< never empty: an answer without one is broken
  bool more_to_follow = false;  ///< false also when it is missing or unreadable; see `complete`
  /// `cursor`, `devices` and `more_to_follow` were all there and readable. If not, the rows are stored, but
  /// the stored cursor stays, and the page does not prove that any device is absent.
  bool complete = false;
  std::vector<std::string> odd_rows;  ///< rows of which no serial could be read: what was odd, for the log
};

class PageAnswer {
 public:
  /// `call`: which it answers, for errors.
  PageAnswer(std::string call, std::string body) : call_(std::move(call)), body_(std::move(body)) {}

  /// The page without its devices, if it has the usual form; this is quick. Where read() says otherwise,
  /// read() is right.
  std::optional<DevicePage> glance() const;

  /// Code::remote when it cannot be understood.
  Result<DevicePage> read() &&;

 private:
  std::string call_;
  std::string body_;
};

}  // namespace muster::apple
