// `muster serve`: TLS, flags, environment, and startup errors with their remedies.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/os/files.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/world.h"
#include "tests/support/certificate.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Serve : public World {
 protected:
  std::vector<std::string> flags(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> flags{"-api-key",   kApiKey,        "-http-addr", "127.0.0.1:0",
                                   "-tls=false", "-config-path", data()};
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
  }

  // It must end at once with exit 1; returns what it says on standard error.
  static std::string start_badly(const std::vector<std::string>& flags, const Environment& environment = {}) {
    std::vector<std::string> argv{binary("muster"), "serve"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    const auto result = run_program(argv, {}, environment, kDeadline);
    EXPECT_EQ(result.exit, 1) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err.find(kApiKey), std::string::npos) << result.err;
    return result.err;
  }
};

TEST_F(Serve, OverHttpsWithACertificateOfItsOwn) {
  const auto files = make_certificate(path(""));
  start_depsim({"-devices", "1"});
  const MusterServer server({"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls-cert", files.certificate,
                             "-tls-key", files.key, "-config-path", data(), "-depsim", depsim().url()});
  ASSERT_THAT(server.url(), testing::StartsWith("https://127.0.0.1:"));
  const std::string set = "mdmctl config set -name tls -api-token $APIKEY -server-url " + server.url();
  const std::string header = "Filter  DEP Profile UUID\n";

  run_well(set);
  EXPECT_THAT(run_badly("mdmctl get dep-autoassigners"), HasSubstr("SSL_CERT_FILE"));
  const auto trusted = run("mdmctl get dep-autoassigners", {{"SSL_CERT_FILE", files.certificate}});
  EXPECT_EQ(trusted.out, header) << trusted.err;
  run_well(set + " -skip-verify");
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), header);
  EXPECT_EQ(run_well("curl -sS --cacert " + files.certificate +
                     " -w '%{http_code}' -u micromdm:$APIKEY -X POST " + server.url() + "/v1/dep/syncnow"),
            "200");
  inspect_log_of(server);
}

TEST_F(Serve, WithItsSettingsFromTheEnvironment) {
  start_depsim({"-devices", "2"});
  for (const std::string prefix : {"MUSTER_", "MICROMDM_"}) {
    MusterServer server({}, {{prefix + "API_KEY", kApiKey},
                             {prefix + "HTTP_ADDR", "127.0.0.1:0"},
                             {prefix + "TLS", "false"},
                             {prefix + "CONFIG_PATH", path(prefix)},
                             {prefix + "DEPSIM", depsim().url()}});
    server.await("sync.done", 0, [](const LogLine& line) { return line.number("devices") == 2; });
    EXPECT_TRUE(std::filesystem::exists(path(prefix) + "/muster.db"));
    const auto answer = run("mdmctl get devices | wc -l",
                            {{"MDMCTL_SERVER_URL", server.url()}, {"MDMCTL_API_TOKEN", kApiKey}});
    EXPECT_EQ(answer.out, "3\n") << answer.err;
    inspect_log_of(server);
  }
}

TEST_F(Serve, AFlagBeatsTheEnvironment) {
  const MusterServer server(flags(),
                            {{"MUSTER_CONFIG_PATH", path("other")}, {"MICROMDM_HTTP_ADDR", "no address"}});
  EXPECT_TRUE(std::filesystem::exists(data() + "/muster.db"));
  EXPECT_FALSE(std::filesystem::exists(path("other")));
}

TEST_F(Serve, KeepsItsDirectoryPrivate) {
  start_depsim();
  start_muster();
  const auto mode = [](const std::string& file) {
    return static_cast<unsigned>(std::filesystem::status(file).permissions()) & 0777U;
  };
  EXPECT_EQ(mode(data()), 0700U);
  for (const auto& file : std::filesystem::directory_iterator(data()))
    EXPECT_EQ(mode(file.path()) & 0077U, 0U) << file.path();
}

TEST_F(Serve, ShowsItsFlags) {
  const auto help = run_program({binary("muster"), "serve", "-help"});
  EXPECT_EQ(help.exit, 0);
  EXPECT_EQ(help.err, "");
  for (const char* flag : {"-config-path", "-api-key", "-http-addr", "-tls", "-tls-cert", "-tls-key",
                           "-server-url", "-depsim", "-sync-interval", "MUSTER_API_KEY", "MICROMDM_API_KEY"})
    EXPECT_THAT(help.out, HasSubstr(flag));
}

TEST_F(Serve, NotWithAFlagThatNobodyKnows) {
  EXPECT_THAT(start_badly(flags({"-http-adr", "x"})), HasSubstr("http-adr"));
  EXPECT_THAT(start_badly(flags({"extra"})), HasSubstr("extra"));
  EXPECT_THAT(start_badly(flags({"-tls=maybe"})), HasSubstr("tls"));
  EXPECT_FALSE(std::filesystem::exists(data())) << "nothing is made before all is right";
}

TEST_F(Serve, NotWithoutAKey) {
  const std::vector<std::string> no_key{"-tls=false", "-http-addr", "127.0.0.1:0", "-config-path", data()};
  EXPECT_THAT(start_badly(no_key), AllOf(HasSubstr("-api-key is missing"), HasSubstr("MUSTER_API_KEY")));
  EXPECT_THAT(start_badly(no_key, {{"MUSTER_API_KEY", "short"}}), HasSubstr("too short"));
  auto with_file = no_key;
  with_file.insert(with_file.end(), {"-api-key-file", path("nowhere")});
  EXPECT_THAT(start_badly(with_file), AllOf(HasSubstr("-api-key-file: "), HasSubstr("nowhere")));
  EXPECT_THAT(start_badly(with_file, {{"MUSTER_API_KEY", kApiKey}}), HasSubstr("leave out one"));
}

// A secret is no matter for the command line: a file has it, or systemd.
TEST_F(Serve, TakesItsKeyFromAFile) {
  const auto answers = [&](const std::vector<std::string>& more, const Environment& environment) {
    std::vector<std::string> flags{"-tls=false", "-http-addr", "127.0.0.1:0", "-config-path", data()};
    flags.insert(flags.end(), more.begin(), more.end());
    const MusterServer server(flags, environment);
    http::Client client;
    return client.send(api_request(server.url(), kApiKey, "GET", "/api/v1/accounts")).value().status;
  };
  write("api-key", std::string(kApiKey) + "\n");
  EXPECT_EQ(answers({"-api-key-file", path("api-key")}, {}), 200);
  EXPECT_EQ(answers({}, {{"CREDENTIALS_DIRECTORY", path("")}}), 200);
}

TEST_F(Serve, NotWithSettingsThatCannotBe) {
  EXPECT_THAT(start_badly(flags({"-http-addr", "127.0.0.1"})), HasSubstr("-http-addr"));
  EXPECT_THAT(start_badly(flags({"-http-addr", "127.0.0.1:99999"})), HasSubstr("-http-addr"));
  EXPECT_THAT(start_badly(flags({"-sync-interval", "1s"})), HasSubstr("-sync-interval"));
  EXPECT_THAT(start_badly(flags({"-sync-interval", "2"})), HasSubstr("sync-interval"));
  EXPECT_THAT(start_badly(flags({"-depsim", "localhost:80"})), HasSubstr("-depsim"));
  EXPECT_THAT(start_badly(flags({"-log-level", "loud"})), HasSubstr("-log-level"));
  // All that is wrong is said at once.
  EXPECT_THAT(start_badly(flags({"-log-level", "loud", "-sync-interval", "1s"})),
              AllOf(HasSubstr("-log-level"), HasSubstr("-sync-interval")));
}

TEST_F(Serve, NotInADirectoryThatIsInUse) {
  start_muster();
  EXPECT_THAT(start_badly(flags()), AllOf(HasSubstr("in use by another muster"), HasSubstr("-config-path")));
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n")
      << "the first one goes on";
  kill_muster();
  start_muster();  // a lock that a killed server left does not count
}

TEST_F(Serve, NotInADirectoryWhoseLockFileWasRemovedMeanwhile) {
  start_muster();
  for (int i = 0; i < 2; ++i) {
    std::filesystem::remove(data() + "/muster.lock");
    EXPECT_THAT(start_badly(flags()), HasSubstr("in use by another muster"));
  }
  run_well("mdmctl apply dep-autoassigner -uuid 0123456789ABCDEF0123456789ABCDEF");
  kill_muster();
  start_muster();
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners"), HasSubstr("ABCDEF"));
}

TEST_F(Serve, NotByWayOfALink) {
  write("victim", "a file of somebody's");
  for (const char* file : {"muster.lock", "muster.db"}) {
    run_well("rm -rf data && mkdir -m 700 data && ln -s ../victim data/" + std::string(file));
    EXPECT_THAT(start_badly(flags()), AllOf(HasSubstr(file), HasSubstr("symbolic link")));
    EXPECT_EQ(read("victim"), "a file of somebody's");
  }
}

TEST_F(Serve, NotWithADatabaseOfANewerSchema) {
  start_muster();
  run_well("mdmctl apply dep-autoassigner -uuid 0123456789ABCDEF0123456789ABCDEF");
  stop_muster();
  const auto patch_version = [&](char number) {
    std::fstream database(data() + "/muster.db", std::ios::in | std::ios::out | std::ios::binary);
    database.seekp(63);  // the last byte of user_version (SQLite's file format, section 1.3)
    const char before = static_cast<char>(database.peek());
    database.put(number);
    return before;
  };
  const char version = patch_version(99);
  EXPECT_THAT(start_badly(flags()), AllOf(HasSubstr("schema 99"), HasSubstr("newer muster")));
  patch_version(version);
  start_muster();
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"),
            "Filter  DEP Profile UUID\n*       0123456789ABCDEF0123456789ABCDEF\n")
      << "it was left as it was";
}

TEST_F(Serve, NotWithADatabaseThatIsNone) {
  write("data/muster.db",
        "This is a diary, and not a database. Dear diary, today I was taken for a database.\n");
  const auto before = read("data/muster.db");
  EXPECT_THAT(start_badly(flags()), HasSubstr("muster.db"));
  EXPECT_EQ(read("data/muster.db"), before);
}

TEST_F(Serve, NotWithTlsFilesThatCannotBeUsed) {
  const auto tls = [&](const std::string& certificate, const std::string& key) {
    return start_badly({"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-config-path", data(), "-tls-cert",
                        certificate, "-tls-key", key});
  };
  const auto files = make_certificate(path(""));
  write("garbage.pem", "no PEM at all\n");
  EXPECT_THAT(tls(path("nowhere.pem"), files.key), HasSubstr("nowhere.pem"));
  EXPECT_THAT(tls(files.certificate, path("nowhere.pem")), HasSubstr("nowhere.pem"));
  EXPECT_THAT(tls(path("garbage.pem"), files.key), HasSubstr("garbage.pem"));
  EXPECT_THAT(tls(files.certificate, path("garbage.pem")), HasSubstr("garbage.pem"));
  EXPECT_THAT(start_badly({"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-config-path", data()}),
              AllOf(HasSubstr("-tls-cert"), HasSubstr("-tls=false")));

  // A key that belongs to another certificate.
  std::filesystem::create_directory(path("more"));
  const auto other = make_certificate(path("more"));
  EXPECT_THAT(tls(files.certificate, other.key), HasSubstr("key"));
}

TEST_F(Serve, NotOnAPortInUse) {
  start_muster();
  const std::string address = "127.0.0.1:" + std::to_string(muster().port());
  EXPECT_THAT(start_badly(flags({"-http-addr", address, "-config-path", path("other")})), HasSubstr(address));
}

TEST_F(Serve, NotInADirectoryThatCannotBeMade) {
  write("file", "");
  EXPECT_THAT(start_badly(flags({"-config-path", path("file/data")})),
              AllOf(HasSubstr("file/data"), HasSubstr("-config-path")));
}

TEST_F(Serve, HasAManualWithEveryFlag) {
  const auto manual = read_file(source("docs/serve.md"));
  ASSERT_TRUE(manual) << manual.error().text();
  std::istringstream usage(run_well("muster serve -help"));
  int flags = 0;
  std::string row;
  for (std::string line; std::getline(usage, line);) {
    if (line.starts_with("  -")) {
      ++flags;
      const auto begin = manual->find("\n| `" + line.substr(2, line.find(' ', 2) - 2) + "` |");
      ASSERT_NE(begin, std::string::npos) << "docs/serve.md does not have " << line;
      row = manual->substr(begin + 1, manual->find('\n', begin + 1) - begin - 1);
      std::erase(row, '`');
    } else if (line.starts_with("      ") && !line.starts_with("      environment:")) {
      EXPECT_THAT(row, HasSubstr("| " + line.substr(6, line.find(" (default ") - 6)))
          << "docs/serve.md describes the flag otherwise than -help";
    }
  }
  EXPECT_GE(flags, 12);
}

TEST_F(Serve, NotInADirectoryThatIsNotWritable) {
  // Root may write everywhere, unless it lays that power down.
  const std::string lay_down = ::geteuid() == 0 ? "setpriv --bounding-set=-all --inh-caps=-all " : "";
  if (run(lay_down + "true").exit != 0) GTEST_SKIP() << "this system lets root not give up its powers";
  std::filesystem::create_directory(data());
  run_well("chmod 500 data");
  const std::string serve =
      lay_down + "muster serve -api-key $APIKEY -http-addr 127.0.0.1:0 -tls=false -config-path ";
  const auto why = run_badly(serve + data());
  EXPECT_THAT(why, AllOf(HasSubstr(data()), HasSubstr("writable")));

  // One that has a database already.
  run_well("chmod 700 data");
  start_muster();
  stop_muster();
  const auto before = read("data/muster.db");
  run_well("chmod 500 data && chmod 400 data/*");
  EXPECT_THAT(run_badly(serve + data()), AllOf(HasSubstr(data()), HasSubstr("writable")));
  EXPECT_EQ(read("data/muster.db"), before);

  run_well("chmod 700 data && chmod 600 data/*");
  start_muster();
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n");
}

}  // namespace
}  // namespace muster::test
