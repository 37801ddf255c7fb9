// Where a server gets its master keys from, how an operator exchanges them, and what a server says that lacks
// one.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>

#include "base/os/files.h"
#include "base/text/json.h"
#include "tests/e2e/world/world.h"
#include "tests/support/master_keys.h"
#include "tests/support/places.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kA(64, 'a'), kB(64, 'b'), kC(64, 'c');

class MasterKeys : public World {
 protected:
  void TearDown() override {
    for (const auto& key : {kA, kB, kC}) add_secret(key);
    World::TearDown();
  }
  static std::string number(const std::string& key) { return keyring_of({key}).numbers(); }
  std::vector<std::string> flags(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"-api-key",   kApiKey,        "-http-addr", "127.0.0.1:0",
                                 "-tls=false", "-config-path", data()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::string start_badly(const std::vector<std::string>& more, const Environment& environment = {}) const {
    std::vector<std::string> argv{binary("muster"), "serve"};
    for (auto& flag : flags(more)) argv.push_back(flag);
    const auto ended = run_program(argv, {}, environment, kDeadline);
    EXPECT_EQ(ended.exit, 1) << ended.out;
    return ended.err;
  }
  // The keys of a server with their sources, in their order.
  std::string keys_of(const MusterServer& server) const {
    const auto said = run("mdmctl rotate master-key -o json",
                          {{"MDMCTL_SERVER_URL", server.url()}, {"MDMCTL_API_TOKEN", kApiKey}});
    std::string keys;
    const auto answer = parse_json(said.out);
    if (!answer) return said.err;
    for (const auto& key : answer->at("keys").as_array())
      keys += fmt::format("{} {}\n", std::string_view(key.at("key").as_string()),
                          std::string_view(key.at("source").as_string()));
    return keys;
  }
  static void run_sql(const std::string& file, const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
};

TEST_F(MasterKeys, ComeFromFilesTheEnvironmentACredentialAndTheDirectory) {
  write("a.key", "# the newest\n" + kA + "\n");
  write("two.key", kB + "\n" + kA + "\n");
  write("credentials/master-key", kC + "\n");
  write("data/master.key", std::string(64, 'd') + "\n");
  std::filesystem::permissions(data(), std::filesystem::perms::owner_all);
  const MusterServer server(flags({"-master-key-file", path("a.key"), "-master-key-file", path("two.key")}),
                            {{"MUSTER_MASTER_KEY", std::string(64, 'e') + "," + kA},
                             {"CREDENTIALS_DIRECTORY", path("credentials")}});
  EXPECT_EQ(
      keys_of(server),
      fmt::format("{} {}\n{} {}\n{} MUSTER_MASTER_KEY\n{} {}\n{} {}\n", number(kA), path("a.key"), number(kB),
                  path("two.key"), number(std::string(64, 'e')), number(kC), path("credentials/master-key"),
                  number(std::string(64, 'd')), data() + "/master.key"));
  inspect_log_of(server);
}

TEST_F(MasterKeys, ThatCannotBeReadAreNamedByTheirSource) {
  write("empty.key", "# nothing\n");
  write("odd.key", "hunter2\n");
  EXPECT_THAT(start_badly({"-master-key-file", path("nowhere.key")}),
              AllOf(HasSubstr("-master-key-file"), HasSubstr("nowhere.key"), HasSubstr("No such file")));
  EXPECT_THAT(start_badly({"-master-key-file", path("empty.key")}), HasSubstr("empty.key has no master key"));
  EXPECT_THAT(start_badly({"-master-key-file", path("odd.key")}),
              AllOf(HasSubstr("odd.key"), HasSubstr("openssl rand -hex 32"), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(start_badly({}, {{"MUSTER_MASTER_KEY", "hunter2"}}),
              AllOf(HasSubstr("MUSTER_MASTER_KEY"), Not(HasSubstr("hunter2"))));
  EXPECT_FALSE(std::filesystem::exists(data())) << "nothing is made before all is right";
  write("data/master.key", "hunter2\n");
  std::filesystem::permissions(data(), std::filesystem::perms::owner_all);
  EXPECT_THAT(start_badly({}), AllOf(HasSubstr("data/master.key"), Not(HasSubstr("hunter2"))));
}

TEST_F(MasterKeys, AreMadeOnTheFirstStartAndSaidOnce) {
  start_depsim();
  start_muster();
  const auto created = muster().events("master_key.created");
  ASSERT_EQ(created.size(), 1U);
  EXPECT_EQ(created[0].field("file"), std::filesystem::canonical(data()).string() + "/master.key");
  EXPECT_THAT(created[0].field("remedy"), HasSubstr("-master-key-file"));
  const auto keys = parse_master_keys(read("data/master.key"), "");
  ASSERT_TRUE(keys && keys->size() == 1);
  EXPECT_EQ(created[0].field("key"), keys->front().number());
  add_secret(keys->front().text());
  stop_muster();
  start_muster();
  EXPECT_THAT(muster().events("master_key.created"), IsEmpty());
  // As the line says: to where no backup of the directory takes it.
  stop_muster();
  run_well("mv data/master.key elsewhere.key");
  start_muster({"-master-key-file", path("elsewhere.key")});
  EXPECT_FALSE(std::filesystem::exists(data() + "/master.key"));
  EXPECT_THAT(run_well("mdmctl get dep-account"), HasSubstr("depsim default"));
}

TEST_F(MasterKeys, AreExchangedAsTheManualSays) {
  start_depsim({"-devices", "3"});
  write("old.key", kA);
  write("new.key", kB);
  start_muster({"-master-key-file", path("old.key")});
  await_baseline(3);
  run_well("mdmctl get dep-tokens -export-public-key key.pem");
  stop_muster();
  start_muster({"-master-key-file", path("new.key"), "-master-key-file", path("old.key")});
  EXPECT_THAT(muster().events("master_key.removable"), IsEmpty()) << "it is needed";
  EXPECT_EQ(run_well("mdmctl rotate master-key"),
            fmt::format("sealed 4 secrets again\n\n"
                        "Key       Secrets  Use                Source\n"
                        "{}  4        seals new secrets  {}\n"
                        "{}  0        can be removed     {}\n",
                        number(kB), path("new.key"), number(kA), path("old.key")));
  const auto removable = muster().events("master_key.removable");
  ASSERT_EQ(removable.size(), 1U);
  EXPECT_EQ(removable[0].field("key"), number(kA));
  EXPECT_EQ(removable[0].field("source"), path("old.key"));
  EXPECT_THAT(run_well("mdmctl rotate master-key"), HasSubstr("sealed 0 secrets again"));
  stop_muster();
  EXPECT_THAT(start_badly({"-master-key-file", path("old.key")}),
              AllOf(HasSubstr("master key " + number(kB)), HasSubstr("given " + number(kA))));
  start_muster({"-master-key-file", path("new.key")});
  EXPECT_THAT(run_well("mdmctl get dep-account"), HasSubstr("depsim default"));
  run_well("mdmctl get dep-tokens -export-public-key again.pem");
  EXPECT_EQ(read("again.pem"), read("key.pem"));
}

// The statements of docs/security.md, word for word.
TEST_F(MasterKeys, ThatAreLostAreReplacedAsTheManualSays) {
  start_depsim({"-devices", "3"});
  start_muster();
  await_baseline(3);
  const auto profile = define_profile("*");
  stop_muster();
  run_well("rm data/master.key");
  EXPECT_THAT(start_badly({}), AllOf(HasSubstr("no key"), HasSubstr("docs/security.md")));
  const auto manual = read_file(source("docs/security.md"));
  ASSERT_TRUE(manual);
  const size_t begin = manual->find("    UPDATE account SET consumer_key = NULL");
  ASSERT_NE(begin, std::string::npos);
  run_sql(data() + "/muster.db", manual->substr(begin, manual->find("\n\n", begin) - begin));
  start_muster();
  EXPECT_EQ(muster().events("master_key.created").size(), 1U);
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), HasSubstr(profile));
  EXPECT_THAT(run_well("mdmctl get dep-tokens -export-public-key key.pem"), HasSubstr("key.pem"));
}

TEST_F(MasterKeys, AreNeededOnPostgres) {
  const auto url = PostgresCluster::shared().new_database();
  EXPECT_THAT(start_badly({"-database", url}),
              AllOf(HasSubstr("no master key was given"), HasSubstr("openssl rand -hex 32"),
                    HasSubstr("-master-key-file")));
  { const MusterServer server(flags({"-database", url}), {{"MUSTER_MASTER_KEY", kA}}); }
  EXPECT_THAT(start_badly({"-database", url}, {{"MUSTER_MASTER_KEY", kB}}), HasSubstr(number(kA)));
}

}  // namespace
}  // namespace muster::test
