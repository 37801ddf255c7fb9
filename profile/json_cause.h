// The usual mistakes of people who write JSON by hand.
#pragma once

#include <cstddef>
#include <string_view>

namespace muster {

struct JsonCause {
  const char* reason;
  const char* remedy;
};

/// Why `text` is not JSON at the byte `offset`, as far as one can see it there.
JsonCause cause_at(std::string_view text, size_t offset);

}  // namespace muster
