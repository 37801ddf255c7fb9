// The machine provides less than the server needs: it reports this and stays consistent.
#include <gmock/gmock.h>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

class MachineLimits : public World {
 protected:
  // `muster serve` below a limit of the shell's.
  std::unique_ptr<Process> start_below(const std::string& limit) const {
    return std::make_unique<Process>(std::vector<std::string>{
        "bash", "-c", limit + " && exec \"$@\"", "bash", binary("muster"), "serve", "-api-key", kApiKey,
        "-http-addr", "127.0.0.1:0", "-tls=false", "-config-path", data()});
  }
};

// Whether the program comes as far as its main function.
bool can_be_loaded(int kilobytes) {
  Process version({"bash", "-c", "ulimit -v " + std::to_string(kilobytes) + " && exec \"$@\"", "bash",
                   binary("muster"), "version"});
  return version.wait_exit(kDeadline) == 0;
}

class LimitedServer : public MusterServer {
 public:
  explicit LimitedServer(std::unique_ptr<Process> process) : MusterServer(std::move(process)) {}
};

// Each thread takes some megabytes of it: there is always one that is the first for which there is no room.
// Just above what it takes to load the program, not even an exception has room: there the steps are small.
TEST_F(MachineLimits, OfMemoryEndTheStartWithAReason) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need all address space";
#endif
  expect_internal_errors();
  int refused = 0, served = 0, tried = 0;
  for (int kilobytes = 26'000; served < 3 && kilobytes < 2'000'000; kilobytes += tried < 10 ? 200 : 3'000) {
    SCOPED_TRACE(std::to_string(kilobytes) + " kB");
    if (!can_be_loaded(kilobytes)) continue;
    ++tried;
    const auto process = start_below("ulimit -v " + std::to_string(kilobytes));
    const bool listens = process->wait_for_line("muster listening on ", kDeadline).has_value();
    if (listens) process->send_signal(SIGTERM);
    const auto exit = process->wait_exit(kDeadline);
    if (listens) {
      ++served;
      EXPECT_EQ(exit, 0) << process->output();
      continue;
    }
    ASSERT_TRUE(exit) << "it hangs\n" << process->output();
    ++refused;
    EXPECT_EQ(exit, 1) << process->output();
    EXPECT_THAT(process->err(), AnyOf(HasSubstr("out of memory"), HasSubstr("cannot start a thread"),
                                      HasSubstr("memory"), HasSubstr("cannot allocate")));
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(served, 3);
}

TEST_F(MachineLimits, OfTheSizeOfAFileEndNothing) {
  LimitedServer server(start_below("ulimit -f 600"));  // in kB
  run_well("mdmctl config set -name limited -api-token $APIKEY -server-url " + server.url());
  std::string serials;
  for (int i = 0; i < 60'000; ++i) serials += "C02SERIAL" + std::to_string(i) + "\n";
  write("lab.csv", serials);
  const auto refused = run("mdmctl apply device-list -name lab -f lab.csv");
  EXPECT_EQ(refused.exit, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("File too large"), HasSubstr("ulimit -f")));
  EXPECT_THAT(run_well("mdmctl get dep-status"), HasSubstr("not_configured"));
  run_well("mdmctl apply dep-autoassigner -uuid 0123456789ABCDEF0123456789ABCDEF");
  server.await("store.recovered");  // the log may reach us behind the answer
  EXPECT_EQ(server.events("store.recovered").size(), 1U);
  server.send_signal(SIGTERM);
  EXPECT_EQ(server.wait_exit(kDeadline), 0) << server.output();
}

// There is room for what a run writes of itself, and none for what Apple answered: the answer is kept until
// there is.
TEST_F(MachineLimits, OfTheSizeOfAFileHoldAnswersBack) {
  start_depsim();
  start_muster({"-sync-interval", "10s"});
  await_baseline(0);
  const auto uuid = define_profile("*");
  await_idle();
  const auto limit_files = [&](rlim_t bytes) {
    const rlimit limit{bytes, RLIM_INFINITY};
    ASSERT_EQ(prlimit(muster().pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
  };
  const auto log = std::filesystem::file_size(data() + "/muster.db-wal");
  limit_files(std::max(log, std::filesystem::file_size(data() + "/muster.db")) + 300'000);
  const auto calls = depsim().calls("POST /devices/sync");
  depsim().add(1000);
  const auto trouble = muster().await("store.trouble");
  EXPECT_THAT(trouble.text(), AllOf(HasSubstr("File too large"), HasSubstr("ulimit -f")));
  muster().await("sync.failed");
  const auto second = muster().mark();
  muster().await("store.trouble", second);
  run_well("mdmctl remove dep-autoassigner -filter '*'");
  run_well("mdmctl apply dep-autoassigner -filter '*' -uuid " + uuid);
  EXPECT_THAT(run_well("mdmctl get dep-status"), AllOf(HasSubstr("storage"), HasSubstr("ulimit -f")))
      << "that there is room for a rule says nothing of the page";
  limit_files(RLIM_INFINITY);
  await_assigned(1000, uuid);
  muster().await("store.recovered", second);
  EXPECT_EQ(muster().events("store.trouble", second).size(), 1U) << muster().log();
  EXPECT_LE(depsim().calls("POST /devices/sync") - calls, 3) << "two for the page, and the next poll";
}

}  // namespace
}  // namespace muster::test
