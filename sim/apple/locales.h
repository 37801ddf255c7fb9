// The languages and regions that a profile may name.
#pragma once

#include <string_view>

namespace muster::sim {

/// A code of ISO 639-1 (`en`), or three lower-case letters as ISO 639-2 has them (`eng`).
bool is_language(std::string_view code);
/// A code of ISO 3166-1 alpha-2, in capitals (`US`).
bool is_region(std::string_view code);

}  // namespace muster::sim
