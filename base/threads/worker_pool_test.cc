#include "base/threads/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <stdexcept>

#include "base/threads/meanwhile.h"
#include "base/threads/wanted.h"

namespace muster {
namespace {

TEST(WorkerPool, DoesAllThatWasPostedAndEnds) {
  std::atomic<int> done{0};
  WorkerPool pool(4);
  for (int i = 0; i < 1000; ++i) pool.post([&] { ++done; });
  pool.join();
  EXPECT_EQ(done, 1000);
}

TEST(WorkerPool, HasAsManyThreadsAsThereIsWorkButNoMoreThanItMay) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::atomic<int> begun{0};
  WorkerPool pool(3, [&] { ++begun; });
  std::latch all_busy(3);
  for (int i = 0; i < 3; ++i)
    pool.post([&] {
      all_busy.arrive_and_wait();  // needs three at once
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    });
  for (int i = 0; i < 20; ++i)
    pool.post([&] {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    });
  pool.join();
  EXPECT_EQ(threads.size(), 3U);
  EXPECT_EQ(begun, 3);
}

TEST(WorkerPool, StartsNoThreadWhereOneIsFree) {
  std::atomic<int> begun{0};
  WorkerPool pool(8, [&] { ++begun; });
  std::latch first(1);
  pool.post([&] { first.count_down(); });
  first.wait();
  for (int i = 0; i < 5; ++i) {
    std::latch done(1);
    // The thread is free as soon as its work is done and it waits again; until then a second one may be
    // started.
    pool.post([&] { done.count_down(); });
    done.wait();
  }
  pool.join();
  EXPECT_LE(begun, 6);
}

TEST(Wanted, NestsAndAsksBoth) {
  EXPECT_TRUE(Wanted::still());
  std::stop_source server, client;
  {
    const Wanted outer(server.get_token()), inner({}, client.get_token());
    EXPECT_TRUE(Wanted::still());
    client.request_stop();
    EXPECT_FALSE(Wanted::still());
    EXPECT_TRUE(Wanted::still(true)) << "what is being written is written to its end";
    server.request_stop();
    EXPECT_FALSE(Wanted::still(true));
  }
  EXPECT_TRUE(Wanted::still());
}

TEST(Meanwhile, GivesWhatTheOtherThreadDid) {
  const auto caller = std::this_thread::get_id();
  Meanwhile<Result<bool>> aside(true, [&]() -> Result<bool> { return std::this_thread::get_id() != caller; });
  EXPECT_TRUE(aside.get().value());
  Meanwhile<Result<bool>> here(false, [&]() -> Result<bool> { return std::this_thread::get_id() == caller; });
  EXPECT_TRUE(here.get().value());
}

TEST(Meanwhile, MakesAnErrorOfWhatIsThrown) {
  for (const bool aside : {true, false}) {
    Meanwhile<Result<int>> work(aside, []() -> Result<int> { throw std::runtime_error("broken"); });
    EXPECT_EQ(work.get().error().code, Code::internal);
  }
}

}  // namespace
}  // namespace muster
