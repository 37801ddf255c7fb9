// What people note of a device for themselves: Apple never sees it, and it may be there before the device is.
#pragma once

#include <string>

namespace muster {

struct Note {
  std::string name{};
  std::string owner{};
  std::string group{};
  std::string asset_tag{};

  friend bool operator==(const Note&, const Note&) = default;
};

}  // namespace muster
