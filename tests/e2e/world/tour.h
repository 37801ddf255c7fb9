// Runs the tour of a document: each example must print what the document shows.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/world/transcript.h"
#include "tests/e2e/world/world.h"

namespace muster::test {

/// The tours begin alike: `depsim -listen 127.0.0.1:8070 ...` and
/// `muster serve ... -http-addr 127.0.0.1:8080`.
class Tour : public World {
 protected:
  /// Starts both as the document's first two examples say, and types the others of the section one after the
  /// other.
  void take(const std::string& document, const std::string& section, long long devices);

 private:
  std::string here(std::string text);
  void expect(const std::string& document, const Example& example);
};

}  // namespace muster::test
