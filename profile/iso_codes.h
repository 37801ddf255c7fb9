// The codes of languages and regions that a profile may name.
#pragma once

#include <string>
#include <string_view>

namespace muster {

/// A code of ISO 639-1, `en`.
bool is_language_code(std::string_view code);
/// A code of ISO 3166-1 alpha-2, `US`.
bool is_region_code(std::string_view code);

/// The code that people mean by one that is none (`jp`, `UK`), or "".
std::string_view usual_language_for(std::string_view code);
std::string_view usual_region_for(std::string_view code);

}  // namespace muster
