// How a step of a scenario says that something is not as it must be.
#pragma once

#include <stdexcept>

namespace muster::test {

/// The message is for users; the runner adds file and line.
struct Failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace muster::test
