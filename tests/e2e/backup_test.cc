// A backup is taken while the server works, and restored: nothing that came after it is lost either. The steps are
// those of docs/backup.md.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "tests/e2e/world.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

class Backup : public World {
 protected:
  void restore(const std::string& file) {
    run_well("rm -rf data && mkdir -m 700 data && mv " + file + " data/muster.db");
  }
};

// The largest amount of memory that a process has had, in bytes.
[[maybe_unused]] long long peak_memory(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::atoll(line.c_str() + 6) * 1024;
  return 0;
}

TEST_F(Backup, RestoredGoesOnWithoutLosingWhatCameLater) {
  start_depsim({"-devices", "500"});
  start_muster();
  await_baseline(500);
  const auto uuid = define_profile("*");
  depsim().add(40);
  sync_now();
  await_assigned(40, uuid);

  const auto said = run_well("mdmctl backup -o b.db");
  EXPECT_THAT(said, HasSubstr("Wrote "));
  EXPECT_THAT(said, HasSubstr("tokens and keys"));
  EXPECT_EQ(run_well("stat -c %a b.db"), "600\n");

  // Some come and are assigned, some are assigned by Apple's portal to nobody, and some come while there is no server.
  const auto seen = depsim().add(7);
  sync_now();
  await_assigned(47, uuid);
  depsim().devices("remove", {{"serials", to_json({seen[0]})}});
  kill_muster();
  depsim().add(5);
  restore("b.db");
  start_muster();
  await_assigned(51, uuid);
  const auto listed = [&] { return run_well("mdmctl get dep-devices -o csv | tail -n +2 | wc -l"); };
  EXPECT_TRUE(comes_true([&] { return listed() == "551\n"; })) << listed();
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), HasSubstr(uuid));
  for (const auto& [serial, profile] : depsim().profiles())
    EXPECT_TRUE(profile.empty() || profile == uuid) << serial;
}

TEST_F(Backup, IsWholeWhileTheServerWrites) {
  start_depsim({"-devices", "100"});
  start_muster();
  await_baseline(100);
  const auto uuid = define_profile("*");
  for (int i = 0; i < 10; ++i) {
    depsim().add(200);
    sync_now();
    run_well("mdmctl backup -o b.db -force");
  }
  await_assigned(2000, uuid);
  kill_muster();
  restore("b.db");
  start_muster();  // which looks for damage
  sync_now();
  EXPECT_TRUE(comes_true([&] {
    return run_well("mdmctl get dep-devices -o csv | grep -c 'assigned," + uuid + "'") == "2000\n";
  }));
}

TEST_F(Backup, OfALargeDatabaseTakesLittleMemory) {
  start_muster();
  stop_muster();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((data() + "/muster.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(
      sqlite3_exec(database,
                   "CREATE TABLE ballast (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                   "LIMIT 150) INSERT INTO ballast SELECT randomblob(1000000) FROM n",
                   nullptr, nullptr, nullptr),
      SQLITE_OK);
  sqlite3_close(database);

  start_muster();
  run_well("mdmctl backup -o b.db");
  EXPECT_GT(std::filesystem::file_size(path("b.db")), 150'000'000U);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they have memory of their own
  EXPECT_LT(peak_memory(muster().pid()), 96 << 20);
#endif
}

TEST_F(Backup, NeedsTheKeyAndLeavesNothingBehind) {
  start_muster();
  EXPECT_EQ(run_well("curl -s -o /dev/null -w '%{http_code}' $SERVER_URL/api/v1/backup"), "401");
  run_well("mdmctl backup -o b.db");
  EXPECT_THAT(run_badly("mdmctl backup -o b.db"), HasSubstr("exists already"));
  EXPECT_EQ(run_well("ls data"), "muster.db\nmuster.db-shm\nmuster.db-wal\nmuster.lock\n");
  kill_muster();
  write("data/backup-0123456789abcdef", "a copy that a killed server left behind");
  start_muster();
  EXPECT_FALSE(std::filesystem::exists(data() + "/backup-0123456789abcdef"));
}

}  // namespace
}  // namespace muster::test
