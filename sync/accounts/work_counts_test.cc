#include "sync/accounts/work_counts.h"

#include <gtest/gtest.h>

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

void answer(AccountCounts& counts, int status) {
  http::Response response;
  response.status = status;
  counts.calls->add_call("GET", "/account", response);
}

TEST(WorkCounts, GivesCallsToBeStoredOnce) {
  AccountCounts counts;
  EXPECT_EQ(counts.take_calls(), DayCounts());
  answer(counts, 200);
  answer(counts, 429);
  counts.calls->add_pause(90s);
  counts.calls->add_call("GET", "/account", failure(Code::unreachable, "no route to host"));
  EXPECT_EQ(counts.take_calls(), (DayCounts{.calls = 3, .failed_calls = 2, .paused = 90s}));
  EXPECT_EQ(counts.take_calls(), DayCounts());
}

TEST(WorkCounts, GivesAgainWhatCouldNotBeStored) {
  AccountCounts counts;
  answer(counts, 500);
  const auto lost = counts.take_calls();
  answer(counts, 200);
  counts.give_back(lost);
  EXPECT_EQ(counts.take_calls(), (DayCounts{.calls = 2, .failed_calls = 1}));
}

}  // namespace
}  // namespace muster::sync
