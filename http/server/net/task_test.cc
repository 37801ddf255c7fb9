#include "http/server/net/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace muster::http {
namespace {

// What a test lets a task wait for.
class Door {
 public:
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiting) { waiting_ = waiting; }
  void await_resume() const {}
  void open() { waiting_.resume(); }

 private:
  std::coroutine_handle<> waiting_;
};

Task<std::string> behind(Door& door, std::string text) {
  co_await door;
  co_return text;
}

Task<int> one() { co_return 1; }

Task<int> failing(Door& door) {
  co_await door;
  throw std::runtime_error("odd");
}

Task<void> note(Task<std::string> task, std::string& result) { result = co_await task; }

Task<void> note_failure(Door& door, std::string& result) {
  try {
    (void)co_await failing(door);
  } catch (const std::runtime_error& error) {
    result = error.what();
  }
}

Task<void> count(int to, int& counted) {
  for (int i = 0; i < to; ++i) counted += co_await one();
}

Task<void> hold(Door& door, std::shared_ptr<int> held) {
  co_await door;
  *held = 1;
}

TEST(Task, GoesOnWhereItWaited) {
  Tasks tasks;
  Door door;
  std::string result;
  tasks.spawn(note(behind(door, "text"), result));
  EXPECT_EQ(result, "");
  door.open();
  EXPECT_EQ(result, "text");
}

TEST(Task, ThrowsWhereItIsAwaited) {
  Tasks tasks;
  Door door;
  std::string result;
  tasks.spawn(note_failure(door, result));
  door.open();
  EXPECT_EQ(result, "odd");
}

TEST(Task, NeedsNoStackForTasksThatNeverWait) {
  Tasks tasks;
  int counted = 0;
  tasks.spawn(count(1'000'000, counted));
  EXPECT_EQ(counted, 1'000'000);
}

TEST(Task, ThatIsDoneOrLeftLetsGoOfWhatItHeld) {
  const auto held = std::make_shared<int>();
  Door door, never;
  {
    Tasks tasks;
    tasks.spawn(hold(door, held));
    tasks.spawn(hold(never, held));
    EXPECT_EQ(held.use_count(), 3);
    door.open();
    EXPECT_EQ(held.use_count(), 2);
    EXPECT_EQ(*held, 1);
  }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace muster::http
