// What users note of a device for themselves: Apple never sees it, and it may be there before the device is.
#pragma once

#include <string>

#include "model/ids.h"

namespace muster {

struct Note {
  std::string name{};
  std::string owner{};
  std::string group{};
  std::string asset_tag{};

  bool is_empty() const { return *this == Note{}; }

  friend bool operator==(const Note&, const Note&) = default;
};

/// A note and the serial number it is for.
struct SerialNote {
  Serial serial{};
  Note note{};

  friend bool operator==(const SerialNote&, const SerialNote&) = default;
};

}  // namespace muster
