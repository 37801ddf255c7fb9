// Repairs JSON text with invalid characters.
#pragma once

#include <string>
#include <string_view>

namespace muster::apple {

/// The same JSON with U+FFFD for each byte that is not UTF-8, each `\uD8xx` without its other half and each
/// `\u0000`, a space for each bare control character, and no byte order mark. What was readable before stays
/// as it was, but for NUL: PostgreSQL cannot hold it.
std::string repair_json_text(std::string_view text);

}  // namespace muster::apple
