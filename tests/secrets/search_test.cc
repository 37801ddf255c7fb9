// Nobody finds a secret who has the database, its log, a backup, the server's log, its metrics, its answers
// or its command line. Answers to calls that give an admin a token or a bypass code are the exception.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "api/routing/route_table.h"
#include "base/os/files.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "store/postgres/open.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/world.h"
#include "tests/secrets/plain.h"
#include "tests/secrets/search.h"
#include "tests/support/eventually.h"
#include "tests/support/master_keys.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kSecretApiKey = "API-KEY_9a7c51e2f4";
constexpr const char* kWebhookKey = "WEBHOOK-KEY_41d7e8a0b3";
const std::vector<std::string> kOfToken = {"consumer_secret", "access_token", "access_secret"};

class SecretSearch : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "5", "-accounts", "default,school"});
    secrets_ = {
        {"the API key", kSecretApiKey}, {"the webhook key", kWebhookKey}, {"the master key", kMasterKey}};
    for (const char* account : {"default", "school"}) {
      const auto token = depsim().get(fmt::format("/control/accounts/{}/token", account));
      for (const auto& name : kOfToken) add(fmt::format("{} of {}", name, account), text_in(token, name));
    }
    for (const auto& name : kOfToken) add(name + " that Apple rejected", "REFUSED_" + name + "_5d1f0c");
  }
  void TearDown() override {
    if (server_) log_ += server_->log();
    server_.reset();
    World::TearDown();
  }

  void add(const std::string& name, const std::string& secret) { secrets_[name] = secret; }
  static std::string text_in(const boost::json::object& object, const std::string& name) {
    return std::string(object.at(name).as_string());
  }

  void start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> flags{"-http-addr",
                                   "127.0.0.1:0",
                                   "-tls=false",
                                   "-config-path",
                                   data(),
                                   "-depsim",
                                   depsim().url(),
                                   "-log-level",
                                   "debug",
                                   "-webhook-url",
                                   depsim().url() + "/nowhere"};
    flags.insert(flags.end(), more.begin(), more.end());
    server_ = std::make_unique<MusterServer>(flags, Environment{{"MUSTER_API_KEY", kSecretApiKey},
                                                                {"MUSTER_WEBHOOK_KEY", kWebhookKey},
                                                                {"MUSTER_MASTER_KEY", kMasterKey}});
    server_->await("sync.done");
  }
  void kill() {
    server_->send_signal(SIGKILL);
    EXPECT_EQ(server_->wait_exit(kDeadline), 128 + SIGKILL);
    log_ += server_->log();
    server_.reset();
  }

  http::Response ask(const std::string& method, const std::string& path, const std::string& body = {},
                     const char* key = kSecretApiKey) {
    const auto answer = client_.send(api_request(server_->url(), key, method, path, body));
    if (!answer) throw std::runtime_error(answer.error().text());
    return *answer;
  }
  static bool gives_secrets(const std::string& method, const std::string& path) {
    return method == "GET" && (path.starts_with("/v1/dep-tokens") || path.starts_with("/v1/tokens/") ||
                               (path.starts_with("/api/v1/accounts/") && path.ends_with("/export")));
  }
  void expect_no_secret_in_answer(const std::string& method, const std::string& path,
                                  const std::string& body = {}, const char* key = kSecretApiKey) {
    const auto answer = ask(method, path, body, key);
    ++answers_;
    std::string all = answer.body;
    for (const auto& [name, value] : answer.headers) all += name + ": " + value + "\n";
    EXPECT_THAT(found_in(all, secrets_), IsEmpty()) << method << " " << path << " " << answer.status;
  }
  static std::string path_of(const std::string& pattern, const std::string& name) {
    std::string path = pattern;
    for (size_t at = 0; (at = path.find('{')) != std::string::npos;)
      path.replace(at, path.find('}') - at + 1, path.substr(at, 5) == "{acco" ? "default" : name);
    return path;
  }

  static std::string token_body(const boost::json::object& token) { return write_json({{"token", token}}); }

  // Only the call for it gives it, and only to an admin.
  void add_bypass_code() {
    const auto serial = depsim().serials().front();
    expect_no_secret_in_answer("POST", "/api/v1/locks", R"({"serials": [")" + serial + "\"]}");
    const auto answer = ask("GET", "/api/v1/devices/default/" + serial + "/bypass-code");
    ASSERT_EQ(answer.status, 200) << answer.body;
    add("a bypass code", text_in(parse_json(answer.body)->as_object(), "code"));
  }

  // Everything that the server does with secrets, and each call with what is right and what is wrong.
  void use_all() {
    for (const char* account : {"default", "school"}) {
      if (account == std::string("school"))
        expect_no_secret_in_answer("PUT", "/api/v1/accounts/school",
                                   token_body(depsim().get("/control/accounts/school/token")));
      const auto tokens = parse_json(ask("GET", fmt::format("/v1/dep-tokens?account={}", account)).body);
      ASSERT_TRUE(tokens);
      EXPECT_THAT(found_in(write_json(*tokens), secrets_),
                  Contains(fmt::format("access_secret of {}", account)))
          << "an admin's answer has it, else this test looks for the wrong thing";
    }
    boost::json::object rejected{{"consumer_key", "CK_refused"}};
    for (const auto& name : kOfToken) rejected[name] = secrets_.at(name + " that Apple rejected");
    for (const char* account : {"default", "school", "new"})
      expect_no_secret_in_answer("PUT", fmt::format("/api/v1/accounts/{}", account), token_body(rejected));
    expect_no_secret_in_answer("PUT", "/v1/dep-tokens", R"({"p7m_content": "bm8gdG9rZW4="})");
    const auto read_key = text_in(
        parse_json(ask("PUT", "/api/v1/keys/reader", R"({"role": "read"})").body)->as_object(), "api_key");
    add("an API key of the database", read_key);
    add_bypass_code();
    add("the secret of the MDM server",
        text_in(parse_json(ask("PUT", "/api/v1/enrollment-webhook", "{}").body)->as_object(), "secret"));
    for (const auto& call : api::known_calls()) {
      if (call.method == "DELETE" && call.pattern == "/api/v1/accounts/{name}") continue;  // below
      for (const char* name : {"school", "nothing"}) {
        const auto path = path_of(call.pattern, name);
        expect_no_secret_in_answer(call.method, path, {}, read_key.c_str());
        if (gives_secrets(call.method, path)) continue;
        expect_no_secret_in_answer(call.method, path);
        expect_no_secret_in_answer(call.method, path, "{\"odd\": [");
        expect_no_secret_in_answer(call.method, path + "?odd=1");
        expect_no_secret_in_answer(call.method, path, {}, "a wrong key");
      }
    }
    expect_no_secret_in_answer("POST", "/api/v1/master-key/rotate");
    depsim().add_fault({{"endpoint", "session"}, {"status", 403}, {"count", 2}});
    expect_no_secret_in_answer("POST", "/v1/dep/syncnow?wait=20");
    expect_no_secret_in_answer("GET", "/api/v1/accounts");
    ASSERT_EQ(ask("GET", "/v1/dep-tokens?account=school").status, 200);
    EXPECT_GT(answers_, 300);
  }

  void expect_no_secret_of_the_process() {
    const std::string process = "/proc/" + std::to_string(server_->pid());
    const auto command = read_file(process + "/cmdline");
    ASSERT_TRUE(command && command->find("-depsim") != std::string::npos);
    EXPECT_THAT(found_in(*command, secrets_), IsEmpty());
    struct stat status {};
    ASSERT_EQ(::stat((process + "/environ").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0077, 0U) << "other users can read the environment";
  }

  Secrets secrets_;
  std::unique_ptr<MusterServer> server_;
  std::string log_;
  int answers_ = 0;
  http::Client client_;
};

TEST_F(SecretSearch, FindsNothingOnSqlite) {
  start();
  use_all();
  expect_no_secret_of_the_process();
  const auto backup = ask("GET", "/api/v1/backup");
  ASSERT_EQ(backup.status, 200);
  write("backup.db", backup.body);
  ASSERT_THAT(found_below(data(), secrets_), IsEmpty()) << "while the server runs";
  kill();
  EXPECT_GT(std::filesystem::file_size(data() + "/muster.db-wal"), 0U) << "there is no log to be searched";
  EXPECT_THAT(found_below(data(), secrets_), IsEmpty()) << "after SIGKILL";

  // What nobody could know before: the private keys.
  const auto accounts = accounts_in(data(), kMasterKey);
  size_t keys = 0;
  for (const auto& [account, token, key_pair] : accounts)
    if (key_pair) add(fmt::format("private key {}", ++keys), line_of(key_pair->private_key_pem));
  EXPECT_EQ(keys, 2U);
  EXPECT_THAT(found_below(data(), secrets_), IsEmpty());
  EXPECT_THAT(found_below(path("backup.db"), secrets_), IsEmpty());
  EXPECT_THAT(found_in(log_, secrets_), IsEmpty());
  EXPECT_THAT(log_, HasSubstr("apple.call")) << "the log has not all it could have";
  EXPECT_THAT(log_, Not(HasSubstr("PRIVATE KEY")));

  // The same search of the same database, not sealed.
  store_in_plain(data(), accounts);
  const auto found = found_below(data() + "/muster.db", secrets_);
  for (const auto& [name, secret] : secrets_)
    if (name.starts_with("private key") || name.ends_with("of default") || name.ends_with("of school")) {
      EXPECT_THAT(found, Contains(HasSubstr(name))) << "the search finds nothing";
    }
}

TEST_F(SecretSearch, FindsNothingOnPostgres) {
  const auto url = PostgresCluster::shared().new_database();
  start({"-database", url});
  use_all();
  expect_no_secret_of_the_process();
  kill();
  const auto store = postgres::open({.url = url, .keyring = test_keyring()});
  ASSERT_TRUE(store) << store.error().text();
  const auto accounts = accounts_in(**store);
  for (const auto& [account, token, key_pair] : accounts)
    if (key_pair) add("private key of " + account.name.str(), line_of(key_pair->private_key_pem));
  const auto dump = [&] { return run_program({"pg_dump", "-d", url}).out; };
  const auto sealed = dump();
  EXPECT_THAT(sealed, HasSubstr("sealed1:"));
  EXPECT_THAT(found_in(sealed, secrets_), IsEmpty());
  EXPECT_THAT(found_in(log_, secrets_), IsEmpty());

  for (const auto& [account, token, key_pair] : accounts) {
    if (!token || !key_pair) continue;
    PostgresCluster::query(
        url,
        fmt::format("UPDATE account SET consumer_secret = '{}', access_token = '{}', access_secret = '{}', "
                    "private_key = '{}' WHERE name = '{}'",
                    token->consumer_secret, token->access_token, token->access_secret,
                    key_pair->private_key_pem, account.name.str()));
  }
  const auto found = found_in(dump(), secrets_);
  for (const auto& [name, secret] : secrets_)
    if (name.ends_with("of default") || name.ends_with("of school")) {
      EXPECT_THAT(found, Contains(name)) << "the search finds nothing";
    }
}

// Each secret in each form, in the middle of something else.
TEST_F(SecretSearch, FindsEachSecretInEachForm) {
  for (const auto& [name, secret] : secrets_)
    for (const auto& form : forms_of(secret)) {
      ASSERT_GE(form.size(), 8U) << name;
      EXPECT_THAT(found_in("before " + form + " behind", secrets_), Contains(name)) << form;
    }
  for (const auto& [name, secret] : secrets_)
    for (const char* const before : {"", "a", "ab", "abc"})
      EXPECT_THAT(found_in(base64_encode(before + secret + "behind"), secrets_), Contains(name)) << before;
  write("folder/log", "key=" + secrets_.at("the API key"));
  EXPECT_THAT(found_below(path("folder"), secrets_), Contains(HasSubstr("the API key in ")));
}

}  // namespace
}  // namespace muster::test
