#include "tests/support/places.h"

namespace muster::test {

// Told by the build: __FILE__ may be relative to wherever the compiler ran.
std::string binary(const std::string& name) { return std::string(MUSTER_BUILD_DIR "/") + name; }

std::string source(const std::string& path) { return std::string(MUSTER_SOURCE_DIR "/") + path; }

}  // namespace muster::test
