#include "sync/patient_runs.h"

#include <gtest/gtest.h>

#include <deque>

namespace muster::sync {
namespace {

TEST(PatientRuns, HaveSoManyPlaces) {
  PatientRuns runs;
  std::deque<PatientRuns::Place> places;
  for (int i = 0; i < PatientRuns::kMost; ++i) EXPECT_TRUE(places.emplace_back(runs, true).is_free());
  EXPECT_FALSE(PatientRuns::Place(runs, true).is_free());
  EXPECT_TRUE(PatientRuns::Place(runs, false).is_free()) << "one that is not patient needs none";
  places.pop_front();
  EXPECT_TRUE(PatientRuns::Place(runs, true).is_free());
}

}  // namespace
}  // namespace muster::sync
