// Questions to the part of Apple's row that Muster keeps as it came (DeviceFacts::other).
#pragma once

#include <string_view>

namespace muster {

/// Whether the device is to move here from another service: its row has a `mdm_migration_deadline`. `other`
/// is DeviceFacts::other; text that is no JSON object has no flags.
bool is_migrating(std::string_view other);
/// Whether Apple sent it as the replacement of another: `is_replacement_device` is true.
bool is_replacement(std::string_view other);
/// Whether it left because Apple replaced it: `released_by_replacement` is true, in a row `deleted`.
bool was_replaced(std::string_view other);

}  // namespace muster
