// Backup of a running server, and restore by the steps of docs/backup.md: later changes are not lost either.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>

#include "base/text/encoding.h"
#include "tests/e2e/world/world.h"
#include "tests/support/raw_connection.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Backup : public World {
 protected:
  void restore(const std::string& file) {
    run_well("cp data/master.key . && rm -rf data && mkdir -m 700 data && mv " + file +
             " data/muster.db && mv master.key data/master.key");
  }
  // Makes the database 150 MB large.
  void make_ballast() {
    stop_muster();
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((data() + "/muster.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(
                  database,
                  "CREATE TABLE ballast (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                  "LIMIT 150) INSERT INTO ballast SELECT randomblob(1000000) FROM n",
                  nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(database);
    start_muster();
  }
};

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
  EXPECT_THAT(said, HasSubstr("master key, which is not in it"));
  EXPECT_EQ(run_well("stat -c %a b.db"), "600\n");

  // Some come and are assigned, some are assigned by Apple's portal to nobody, and some come while there is
  // no server.
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

TEST_F(Backup, IsWorthNothingWithoutTheMasterKey) {
  start_depsim();
  start_muster();
  run_well("mdmctl backup -o b.db");
  const auto number = muster().events("master_key.created").at(0).field("key");
  stop_muster();
  run_well("rm -rf data && mkdir -m 700 data && cp b.db data/muster.db");
  const std::string start =
      "muster serve -api-key $APIKEY -tls=false -http-addr 127.0.0.1:0 -config-path data";
  EXPECT_THAT(run_badly(start), AllOf(HasSubstr("sealed with the master key " + number), HasSubstr("no key"),
                                      HasSubstr("-master-key-file")));
  EXPECT_EQ(run_well("cmp b.db data/muster.db"), "") << "nothing was changed";
  run_well("openssl rand -hex 32 >other.key");
  EXPECT_THAT(run_badly(start + " -master-key-file other.key"), HasSubstr("master key " + number));
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
  make_ballast();
  run_well("mdmctl backup -o b.db");
  EXPECT_GT(std::filesystem::file_size(path("b.db")), 150'000'000U);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they have memory of their own
  EXPECT_LT(muster().peak_memory(), 96 << 20);
#endif
}

TEST_F(Backup, NeedsTheKeyAndLeavesNothingBehind) {
  start_muster();
  EXPECT_EQ(run_well("curl -s -o /dev/null -w '%{http_code}' $SERVER_URL/api/v1/backup"), "401");
  run_well("mdmctl backup -o b.db");
  EXPECT_THAT(run_badly("mdmctl backup -o b.db"), HasSubstr("exists already"));
  EXPECT_EQ(run_well("ls data"), "master.key\nmuster.db\nmuster.db-shm\nmuster.db-wal\nmuster.lock\n");
}

TEST_F(Backup, BesideTheDatabaseOutlivesARestart) {
  start_muster();
  run_well("mdmctl backup -o data/backup-2026-11-28.db");
  run_well("mkdir data/backup-old");
  kill_muster();
  start_muster();
  EXPECT_EQ(
      run_well("ls data"),
      "backup-2026-11-28.db\nbackup-old\nmaster.key\nmuster.db\nmuster.db-shm\nmuster.db-wal\nmuster.lock\n");
}

// Whoever asks and does not read keeps the one place until the server has lost patience.
TEST_F(Backup, IsMadeOneAtATime) {
  start_muster();
  make_ballast();
  RawConnection reader(muster().port());
  reader.send("GET /api/v1/backup HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " +
              base64_encode(std::string("micromdm:") + kApiKey) + "\r\n\r\n");
  muster().await("backup.created");
  const auto second = call("GET", "/api/v1/backup");
  EXPECT_EQ(second.status, 503);
  EXPECT_THAT(second.body, HasSubstr("another backup is on its way"));
  EXPECT_THAT(run_badly("mdmctl backup -o b.db"), HasSubstr("another backup is on its way"));
}

TEST_F(Backup, NeedsRoomForIt) {
  expect_internal_errors();  // it is in the log as one
  start_muster();
  // A hole, which takes no room; larger than what others may free on the disk meanwhile.
  std::filesystem::resize_file(data() + "/muster.db", std::filesystem::space(data()).capacity);
  const auto refused = call("GET", "/api/v1/backup");
  EXPECT_EQ(refused.status, 507);
  EXPECT_THAT(refused.body, HasSubstr("a copy of the database needs"));
  EXPECT_THAT(run_badly("mdmctl backup -o b.db"), HasSubstr("Free some space"));
}

}  // namespace
}  // namespace muster::test
