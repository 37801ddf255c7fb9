// How many threads there are, and what happens when the machine gives no more.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <latch>
#include <system_error>
#include <thread>

#include "base/threads/worker_pool.h"

namespace muster {
namespace {

long threads_of_this_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

TEST(WorkerPool, StartsThreadsAsThereIsWorkAndNoMoreThanItMay) {
  std::thread([] {}).join();  // with the first one, the thread sanitizer starts one of its own
  const long before = threads_of_this_process();
  WorkerPool pool(4);
  EXPECT_EQ(threads_of_this_process(), before);
  std::latch under_way(4), go_on(1);
  std::atomic<int> done = 0;
  for (int i = 0; i < 4; ++i)
    pool.post([&] {
      under_way.count_down();
      go_on.wait();
      ++done;
    });
  under_way.wait();
  for (int i = 0; i < 6; ++i) pool.post([&] { ++done; });
  EXPECT_EQ(threads_of_this_process(), before + 4);
  EXPECT_EQ(done, 0) << "they wait for a thread that is free";
  go_on.count_down();
  pool.join();
  EXPECT_EQ(done, 10);
}

// There is too little address space for another thread's stack.
TEST(WorkerPool, SaysWhenNoThreadCanBeStarted) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need all address space";
#endif
  WorkerPool none(2), one(2);
  std::latch under_way(1), go_on(1);
  std::atomic<int> done = 0;
  one.post([&] {
    under_way.count_down();
    go_on.wait();
    ++done;
  });
  under_way.wait();
  rlimit before{};
  ::getrlimit(RLIMIT_AS, &before);
  const rlimit low{1 << 20, before.rlim_max};
  ::setrlimit(RLIMIT_AS, &low);
  bool thrown = false;
  try {
    none.post([&] { ++done; });
  } catch (const std::system_error&) {
    thrown = true;
  }
  one.post([&] { ++done; });  // the thread that there is does it later
  ::setrlimit(RLIMIT_AS, &before);
  EXPECT_TRUE(thrown);
  go_on.count_down();
  one.join();
  EXPECT_EQ(done, 2);
  none.post([&] { ++done; });  // once there is room again
  none.join();
  EXPECT_EQ(done, 3);
}

}  // namespace
}  // namespace muster
