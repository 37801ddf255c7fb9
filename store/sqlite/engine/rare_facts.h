// What hardly any device has, in one column: why it is a tombstone, what Apple was asked and is to tell yet,
// an asset tag.
//
//   t2 d1772355600000 q1772355600000 aSCH-1
#pragma once

#include <string>
#include <string_view>

#include "model/device.h"

namespace muster::sqlite {

/// "" when the device has none of it.
std::string rare_facts(const Device& device);

/// Reads it into the device, which has its tombstone's time already.
void read_rare_facts(std::string_view rare, Device& device);

/// A part of `rare`.
std::string_view asset_tag_of(std::string_view rare);

}  // namespace muster::sqlite
