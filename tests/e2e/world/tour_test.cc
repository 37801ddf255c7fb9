// The tours of the documents.
#include "tests/e2e/world/tour.h"

namespace muster::test {
namespace {

using Tours = Tour;

TEST_F(Tours, OfTheReadme) { take("README.md", "Two minutes", 20); }

TEST_F(Tours, OfTheRules) { take("docs/rules.md", "The tour", 40); }

TEST_F(Tours, OfTheConfiguration) { take("docs/config.md", "The tour", 20); }

}  // namespace
}  // namespace muster::test
