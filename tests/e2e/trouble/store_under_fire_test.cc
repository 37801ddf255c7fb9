// The disk is full, or the database damaged or missing: the server reports it, loses nothing, and continues
// once the cause is removed. SIGKILL and power failures are in tests/crash.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/e2e/world/under_test_server.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> flags_for(const std::string& directory, const std::string& depsim = {}) {
  std::vector<std::string> flags{"-api-key",   kApiKey,        "-http-addr", "127.0.0.1:0",
                                 "-tls=false", "-config-path", directory};
  if (!depsim.empty()) flags.insert(flags.end(), {"-depsim", depsim});
  return flags;
}

class FullDisk : public World {};

TEST_F(FullDisk, IsSaidAndWaitedOut) {
  start_depsim({"-devices", "30", "-clock-skew", "1000d"});
  start_muster();
  await_baseline(30);
  const auto uuid = define_profile("*");
  stop_muster();

  UnderTestServer server(flags_for(data(), depsim().url()), SystemClock().now());
  server.await("sync.done");
  run_well("mdmctl config set -name full -api-token $APIKEY -server-url " + server.url());
  server.set_disk_full(true);
  depsim().add(5);
  const size_t mark = server.mark();
  server.send_signal(SIGHUP);
  EXPECT_THAT(server.await("sync.failed", mark).text(),
              AllOf(HasSubstr(data() + "/muster.db"), HasSubstr("is full"), HasSubstr("Free some space")));
  EXPECT_EQ(depsim().count_with(uuid), 0) << "what cannot be stored is not done";
  EXPECT_THAT(server.await("store.trouble", mark).text(), HasSubstr("Free some space"));
  EXPECT_THAT(run_badly("mdmctl apply dep-autoassigner -filter 'family = iPad' -uuid " + uuid),
              AllOf(HasSubstr("is full"), HasSubstr("Free some space")));
  EXPECT_EQ(run_well("curl -s -o /dev/null -w '%{http_code}' -u micromdm:$APIKEY " + server.url() +
                     "/v1/dep/autoassigners -d '{\"filter\": \"family = iPad\", \"profile_uuid\": \"" + uuid +
                     "\"}'"),
            "507");
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), HasSubstr(uuid)) << "reading goes on";
  const auto metric = [&](const std::string& name) {
    return run_well("curl -s -u micromdm:$APIKEY " + server.url() + "/metrics | grep '^" + name + "'");
  };
  EXPECT_THAT(run_well("mdmctl get dep-status"),
              AllOf(HasSubstr("\ndefault  storage  "), HasSubstr("is full"), HasSubstr("Free some space")));
  EXPECT_EQ(metric("muster_storage_trouble"), "muster_storage_trouble 1\n");
  EXPECT_THAT(metric("muster_account_state.*\"storage\""), HasSubstr(" 1\n"));
  EXPECT_THAT(metric("muster_account_state.*\"ok\""), HasSubstr(" 0\n"));

  server.set_disk_full(false);
  EXPECT_TRUE(comes_true([&] {
    server.advance(1h);
    return depsim().count_with(uuid) == 5;
  })) << server.output();
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), HasSubstr(uuid));
  server.await("store.recovered", mark);
  EXPECT_EQ(server.events("store.trouble", mark).size(), 1U) << "said once";
  EXPECT_EQ(metric("muster_storage_trouble"), "muster_storage_trouble 0\n");
  EXPECT_THAT(run_well("mdmctl get dep-status"), Not(HasSubstr("storage")));
}

TEST_F(FullDisk, DoesNotLeaveHalfABackup) {
  start_depsim({"-devices", "30", "-clock-skew", "1000d"});
  UnderTestServer server(flags_for(data(), depsim().url()), SystemClock().now());
  server.await("sync.done");
  run_well("mdmctl config set -name full -api-token $APIKEY -server-url " + server.url());
  server.set_disk_full(true);
  EXPECT_THAT(run_badly("mdmctl backup -o b.db"), AllOf(HasSubstr("copying"), HasSubstr("is full")));
  EXPECT_THAT(server.await("api.failed").text(), AllOf(HasSubstr("copying"), HasSubstr("Free some space")));
  EXPECT_FALSE(std::filesystem::exists(path("b.db")));
  for (const auto& file : std::filesystem::directory_iterator(data()))
    EXPECT_EQ(file.path().filename().string().find("backup"), std::string::npos) << file.path();
  server.set_disk_full(false);
  run_well("mdmctl backup -o b.db");
}

class BrokenDisk : public World {};

TEST_F(BrokenDisk, DoesNotEndTheServerWhenASignalComes) {
  start_depsim({"-devices", "30", "-clock-skew", "1000d"});
  UnderTestServer server(flags_for(data(), depsim().url()), SystemClock().now());
  server.await("sync.done");
  for (int i = 1; i <= 2; ++i) {
    const size_t mark = server.mark();
    server.set_disk_broken(true);
    server.send_signal(SIGHUP);
    EXPECT_THAT(server.await("server.sync_signal_failed", mark).text(), HasSubstr(data() + "/muster.db"));
    server.set_disk_broken(false);
    server.send_signal(SIGHUP);
    server.await("sync.done", mark);
  }
  server.send_signal(SIGTERM);
  EXPECT_EQ(server.wait_exit(kDeadline), 0) << server.output();
}

class Damage : public World {
 protected:
  void make_database() {
    start_depsim({"-devices", "400"});
    start_muster();
    await_baseline(400);
    uuid_ = define_profile("*");
    stop_muster();
    sound_ = read("data/muster.db");
    ASSERT_GT(sound_.size(), 100'000U);
  }

  // The server must reject the database as it is now, say what to do, and leave it alone.
  void expect_refused(const std::string& what) {
    const bool is_there = std::filesystem::exists(data() + "/muster.db");
    const std::string before = is_there ? read("data/muster.db") : "";
    std::vector<std::string> argv{binary("muster"), "serve"};
    const auto flags = flags_for(data());
    argv.insert(argv.end(), flags.begin(), flags.end());
    const auto result = run_program(argv, {}, {}, kDeadline);
    EXPECT_EQ(result.exit, 1) << what;
    EXPECT_THAT(result.err, AllOf(HasSubstr(data() + "/muster.db"), HasSubstr("docs/backup.md"))) << what;
    EXPECT_EQ(std::filesystem::exists(data() + "/muster.db"), is_there) << what;
    EXPECT_TRUE(!is_there || read("data/muster.db") == before) << what << ": the file was changed";
  }

  void expect_sound_again() {
    write("data/muster.db", sound_);
    start_muster();
    EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), HasSubstr(uuid_));
    stop_muster();
  }

  std::string sound_, uuid_;
};

TEST_F(Damage, ByAFileCutShort) {
  make_database();
  for (const size_t size : {sound_.size() / 2, sound_.size() - 4096, size_t{5000}, size_t{100}, size_t{0}}) {
    write("data/muster.db", sound_.substr(0, size));
    expect_refused("cut to " + std::to_string(size) + " bytes");
  }
  std::filesystem::remove(data() + "/muster.db");
  expect_refused("gone");
  expect_sound_again();
}

TEST_F(Damage, ByGarbageInIt) {
  make_database();
  const std::string garbage(4096, '\x5a');
  for (size_t page = 0; page + 1 < sound_.size() / 4096; page += 7) {
    std::string damaged = sound_;
    damaged.replace(page * 4096, garbage.size(), garbage);
    write("data/muster.db", damaged);
    expect_refused("garbage in page " + std::to_string(page + 1));
  }
  expect_sound_again();
}

}  // namespace
}  // namespace muster::test
