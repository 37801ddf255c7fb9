// A server that is killed while it makes its key, seals what an earlier version stored, or exchanges its key:
// the next one goes on, and no secret is lost or left in plain.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "base/os/files.h"
#include "base/text/json.h"
#include "store/sqlite/open.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/under_test_server.h"
#include "tests/secrets/plain.h"
#include "tests/secrets/search.h"
#include "tests/support/master_keys.h"
#include "tests/support/temp_dir.h"

namespace muster::test {
namespace {

using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kKey = "key-of-the-sealing-tests";
const std::string kOld(64, 'a'), kNew(64, 'b');
constexpr int kAccounts = 250;  // a rotation takes them in three transactions

class KilledSealing : public testing::Test {
 protected:
  std::vector<std::string> flags(const std::string& name, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"-api-key",   kKey,           "-http-addr", "127.0.0.1:0",
                                 "-tls=false", "-config-path", path(name)};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::string path(const std::string& name) const { return directory_.file(name); }

  // Starts a server that is killed at its start, if it comes there. Gives whether it was.
  bool start_and_kill(const std::vector<std::string>& with, const KillAt& kill) const {
    try {
      const UnderTestServer server(with, now_, kill);
      return false;
    } catch (const Killed&) {
      return true;
    }
  }
  // Accounts that nobody works.
  void make_accounts(const std::string& name, const std::string& key) const {
    const auto store = sqlite::open(path(name), key.empty() ? Keyring() : keyring_of({key}));
    ASSERT_TRUE(store) << store.error().text();
    const auto made = (*store)->write(installation, [](Writer& w) -> Result<> {
      for (int i = 0; i < kAccounts; ++i) {
        MUSTER_TRY(const auto id, w.create_account(AccountName(fmt::format("a{}", i))));
        MUSTER_TRY(w.put_paused(id, true));
        MUSTER_TRY(w.put_token(id, token(i)));
        MUSTER_TRY(w.put_key_pair(id, {"C", fmt::format("PRIVATE-{}-{}", i, std::string(1500, 'k'))}));
      }
      return {};
    });
    ASSERT_TRUE(made) << made.error().text();
  }
  static Token token(int i) {
    return {"CK",
            fmt::format("CONSUMER-SECRET-{}", i),
            fmt::format("ACCESS-TOKEN-{}", i),
            fmt::format("ACCESS-SECRET-{}", i),
            {}};
  }
  static void expect_whole(const std::vector<WholeAccount>& accounts) {
    int seen = 0;
    for (const auto& [account, its_token, key_pair] : accounts) {
      if (!its_token) continue;
      EXPECT_EQ(its_token, token(seen));
      EXPECT_TRUE(key_pair->private_key_pem.starts_with(fmt::format("PRIVATE-{}-k", seen)));
      ++seen;
    }
    EXPECT_EQ(seen, kAccounts);
  }

  const TempDir directory_;
  const Time now_ = SystemClock().now();
};

const Secrets kInPlain = {{"a secret", "CONSUMER-SECRET-"},
                          {"a token", "ACCESS-TOKEN-"},
                          {"another secret", "ACCESS-SECRET-"},
                          {"a key", "PRIVATE-"}};

TEST_F(KilledSealing, AnUpgradeGoesOnWhereItWasKilled) {
  make_accounts("sealed", "");
  const auto accounts = accounts_in(path("sealed"));
  store_in_plain(path("sealed"), accounts);
  std::filesystem::rename(path("sealed"), path("plain"));
  ASSERT_THAT(found_below(path("plain"), kInPlain), SizeIs(kInPlain.size()));

  const std::vector<KillAt> kills = {
      {"commit.before", 1},   {"commit.after", 1},  {"overwrite.before", 1}, {"overwrite.vacuumed", 1},
      {"overwrite.after", 1}, {"commit.before", 2}, {"commit.after", 2}};
  for (const auto& kill : kills) {
    SCOPED_TRACE(kill.point + ":" + std::to_string(kill.passing));
    std::filesystem::remove_all(path("data"));
    std::filesystem::copy(path("plain"), path("data"));
    EXPECT_TRUE(start_and_kill(flags("data"), kill));
    {
      UnderTestServer server(flags("data"), now_);
      EXPECT_THAT(found_below(path("data"), kInPlain), IsEmpty());
      server.send_signal(SIGTERM);
      EXPECT_EQ(server.wait_exit(kDeadline), 0);
    }
    expect_whole(accounts_in(path("data")));
    EXPECT_THAT(found_below(path("data"), kInPlain), IsEmpty());
  }
}

TEST_F(KilledSealing, TheKeyOfAFirstStartIsNotLost) {
  for (const auto& kill :
       std::vector<KillAt>{{"commit.before", 1}, {"commit.after", 1}, {"commit.before", 2}}) {
    SCOPED_TRACE(kill.point + ":" + std::to_string(kill.passing));
    std::filesystem::remove_all(path("data"));
    EXPECT_TRUE(start_and_kill(flags("data"), kill));
    const auto key = read_file(path("data") + "/master.key");
    ASSERT_TRUE(key) << key.error().text();
    UnderTestServer server(flags("data"), now_);
    EXPECT_EQ(read_file(path("data") + "/master.key").value_or(""), *key);
  }
}

// mdmctl is told that it failed, and repeats it.
TEST_F(KilledSealing, ARotationGoesOnWhereItWasKilled) {
  make_accounts("sealed", kOld);
  ASSERT_TRUE(write_file(path("old.key"), kOld, 0600));
  ASSERT_TRUE(write_file(path("new.key"), kNew, 0600));
  const auto with_both =
      flags("data", {"-master-key-file", path("new.key"), "-master-key-file", path("old.key")});
  http::Client client;
  for (int passing = 1; passing <= 4; ++passing)
    for (const char* point : {"commit.before", "commit.after"}) {
      SCOPED_TRACE(fmt::format("{}:{}", point, passing));
      std::filesystem::remove_all(path("data"));
      std::filesystem::copy(path("sealed"), path("data"));
      const auto rotate = [&](const MusterServer& server) {
        return call_api(client, server.url(), kKey, "POST", "/api/v1/master-key/rotate");
      };
      {
        UnderTestServer server(with_both, now_);
        server.kill_at({point, passing});
        const auto answer = rotate(server);
        // The last passings may be those of the account that every server has.
        EXPECT_TRUE(passing > 3 || !answer) << "it was not killed";
        server.send_signal(SIGKILL);
        EXPECT_EQ(server.wait_exit(kDeadline), 128 + SIGKILL);
      }
      {
        UnderTestServer server(with_both, now_);
        const auto answer = rotate(server);
        ASSERT_TRUE(answer && answer->status == 200);
        const auto report = parse_json(answer->body);
        const auto resealed = report->at("resealed").as_int64();
        EXPECT_LE(resealed, 4 * kAccounts);
        if (passing == 2 && point == std::string("commit.after")) {
          EXPECT_LT(resealed, 4 * kAccounts);
        }
        EXPECT_TRUE(report->at("keys").at(1).at("removable").as_bool());
      }
      expect_whole(accounts_in(path("data"), kNew));
    }
}

}  // namespace
}  // namespace muster::test
