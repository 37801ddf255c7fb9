#include "tests/support/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "tests/support/eventually.h"
#include "tests/support/temp_dir.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

TEST(RunProgram, GivesExitCodeAndBothStreams) {
  const auto result = run_program({"sh", "-c", "cat; echo bad >&2; exit 3"}, "in\n");
  EXPECT_EQ(result.exit, 3);
  EXPECT_EQ(result.out, "in\n");
  EXPECT_EQ(result.err, "bad\n");
}

TEST(RunProgram, TakesMoreThanAPipeHolds) {
  const std::string much(3 << 20, 'x');
  const auto result = run_program({"cat"}, much);
  EXPECT_EQ(result.exit, 0);
  EXPECT_TRUE(result.out == much);
}

TEST(RunProgram, SetsTheEnvironmentAndInheritsNoProxy) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ::setenv("MUSTER_API_KEY", "from outside", 1);
  ::setenv("GREETING", "old", 1);
  const auto result = run_program({"sh", "-c", "echo \"$GREETING/$http_proxy/$MUSTER_API_KEY\""}, "",
                                  {{"GREETING", "hello"}});
  ::unsetenv("http_proxy");
  ::unsetenv("MUSTER_API_KEY");
  ::unsetenv("GREETING");
  EXPECT_EQ(result.out, "hello//\n");
}

TEST(RunProgram, StopsAtTheLimit) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(run_program({"sleep", "600"}, "", {}, 50ms).exit, -1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kPatience);
}

TEST(RunProgram, SaysWhatCannotBeStarted) {
  EXPECT_THROW(run_program({"/nowhere/program"}), std::runtime_error);
}

TEST(Process, WaitsForAWholeLineOfEitherStream) {
  Process program({"sh", "-c", "printf 'one\\ntwo %s' half; echo ' whole'; echo three >&2; exec sleep 600"});
  EXPECT_EQ(program.wait_for_line("two"), "two half whole");
  EXPECT_EQ(program.wait_for_line("three"), "three");
  EXPECT_EQ(program.wait_for_line("four", 20ms), std::nullopt);
}

TEST(Process, StopsWaitingWhenTheProgramEnds) {
  Process program({"sh", "-c", "echo one"});
  EXPECT_EQ(program.wait_for_line("two"), std::nullopt);
  EXPECT_EQ(program.wait_exit(), 0);
}

TEST(Process, IsWrittenToLineByLine) {
  Process program({"sed", "-u", "s/^/I heard /"}, Process::Input::open);
  program.send_line("one");
  EXPECT_TRUE(program.wait_for_output([](const auto& out) { return out == "I heard one\n"; }));
  program.send_line("two");
  EXPECT_TRUE(program.wait_for_output([](const auto& out) { return out.ends_with("two\n"); }));
  program.send_signal(SIGKILL);
  EXPECT_EQ(program.wait_exit(), 128 + SIGKILL);
  program.send_line("nobody there");
  EXPECT_FALSE(program.wait_for_output([](const auto& out) { return out.ends_with("there\n"); }));
}

// Who sees what a program did finds what it wrote before that, without waiting for it.
TEST(Process, HasReadAllThatWasWritten) {
  const TempDir directory;
  const std::string done = directory.file("done");
  Process program({"sh", "-c", "while read n; do echo $n >&2; : > \"$0.$n\"; done", done},
                  Process::Input::open);
  for (int i = 0; i < 300; ++i) {
    const auto number = std::to_string(i);
    program.send_line(number);
    while (::access((done + "." + number).c_str(), F_OK) != 0) std::this_thread::yield();
    ASSERT_TRUE(program.err().ends_with(number + "\n")) << program.err();
  }
}

TEST(Process, SignalsReachIt) {
  Process program({"sh", "-c", "trap 'echo hup' HUP; echo ready; while :; do sleep 0.01; done"});
  ASSERT_TRUE(program.wait_for_line("ready"));
  program.send_signal(SIGHUP);
  EXPECT_TRUE(program.wait_for_line("hup")) << program.output();
  EXPECT_EQ(program.wait_exit(0ms), std::nullopt);
  program.send_signal(SIGTERM);
  EXPECT_EQ(program.wait_exit(), 128 + SIGTERM);
}

TEST(Process, IsKilledWithItsObject) {
  pid_t pid = 0;
  {
    Process program({"sleep", "600"});
    pid = program.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(Process, EndsThoughAGrandchildHoldsThePipe) {
  pid_t grandchild = 0;
  {
    Process program({"sh", "-c", "sleep 600 & echo $!"});
    ASSERT_TRUE(eventually([&] { return program.out().ends_with("\n"); }));
    grandchild = std::atoi(program.out().c_str());
    ASSERT_GT(grandchild, 1);
  }
  ::kill(grandchild, SIGKILL);
}

}  // namespace
}  // namespace muster::test
