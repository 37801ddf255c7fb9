// Result, Error, Strong, Guarded and the system's clock: the small words of the house.
#include <gtest/gtest.h>

#include <thread>
#include <unordered_set>

#include "base/guarded.h"
#include "base/result.h"
#include "base/strong.h"
#include "base/time/clock.h"

namespace muster {
namespace {

using namespace std::chrono_literals;

Result<int> half(int n) {
  if (n % 2) return failure(Code::invalid, "odd", "Take an even number");
  return n / 2;
}
Result<int> quarter(int n) {
  MUSTER_TRY(const int first, half(n));
  MUSTER_TRY(half(first));
  return first / 2;
}

TEST(Result, TryContinuesOrReturnsTheError) {
  EXPECT_EQ(quarter(8), 2);
  EXPECT_EQ(quarter(7).error().message, "odd");
  EXPECT_EQ(quarter(6).error().text(), "odd. Take an even number");
}

TEST(Error, CanBePutInContext) {
  Error error{Code::remote, "refused", "Wait"};
  error.remote.status = 503;
  const Error outer = error.while_doing("fetching devices");
  EXPECT_EQ(outer.text(), "fetching devices: refused. Wait");
  EXPECT_EQ(outer.code, Code::remote);
  EXPECT_EQ(outer.remote.status, 503);
}

TEST(Strong, ComparesAndHashesAsItsText) {
  using Name = Strong<struct NameTag>;
  EXPECT_LT(Name("a"), Name("b"));
  EXPECT_EQ(std::unordered_set<Name>({Name("a"), Name("a"), Name("b")}).size(), 2u);
  EXPECT_TRUE(Name().empty());
}

TEST(Guarded, LetsOneInAtATime) {
  Guarded<int> count(0);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 1000; ++round) count.with([](int& n) { ++n; });
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count.with([](int n) { return n; }), 4000);
}

TEST(SystemClock, WaitsForTheDeadline) {
  SystemClock clock;
  Waker waker;
  const Tick deadline = clock.steady() + 20ms;
  clock.wait(waker, deadline);
  EXPECT_GE(clock.steady(), deadline);
}

TEST(SystemClock, AWakerEndsTheWait) {
  SystemClock clock;
  Waker waker;
  const Tick begin = clock.steady();
  std::thread other([&] { waker.wake(); });
  clock.wait(waker, begin + std::chrono::years(1000));
  other.join();
  EXPECT_LT(clock.steady(), begin + 1min);
  clock.wait(waker, clock.steady() + 1ms);  // the wake was used up: this one ends by its deadline
}

TEST(Moment, KnowsOneClockByTheOther) {
  const Moment moment{from_millis(1'000'000), Tick(500ms)};
  EXPECT_EQ(moment.tick_at(from_millis(1'000'007)), Tick(507ms));
  EXPECT_EQ(moment.wall_at(Tick(400ms)), from_millis(999'900));
  EXPECT_EQ(moment.offset(), 999'500ms);
}

}  // namespace
}  // namespace muster
