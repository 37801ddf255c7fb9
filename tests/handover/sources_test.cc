// Each place that an old server's accounts can be read from: NanoDEP's API, its storages, and MicroMDM's API.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "apple/session/token.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "tests/e2e/world/world.h"
#include "tests/handover/mariadb.h"
#include "tests/support/loopback_server.h"
#include "tests/support/manual_clock.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kOldKey = "key-of-the-old-server";

// An old server's API: GET requests with the key that Basic auth wants.
std::unique_ptr<http::Server> old_server(const std::string& user,
                                         std::map<std::string, std::string> answers) {
  return start_on_loopback(
      [=](const http::Request& request) -> http::Response {
        const auto wanted = "Basic " + base64_encode(user + ":" + kOldKey);
        if (request.headers.get("Authorization").value_or("") != wanted)
          return {401, {{"Content-Type", "application/json"}}, R"({"error":"Unauthorized"})"};
        const auto found = answers.find(request.path);
        if (found == answers.end()) return {500, {}, R"({"error":"resource not found: no such name"})"};
        return {200, {{"Content-Type", "application/json"}}, found->second};
      },
      2);
}

class Sources : public World {
 protected:
  void SetUp() override {
    start_depsim({"-accounts", "default,School"});
    start_muster();
    token_ = depsim().get("/control/accounts/School/token");
    add_secret(kOldKey);
    for (const char* part : {"consumer_secret", "access_token", "access_secret"})
      add_secret(std::string(token_.at(part).as_string()));
    uuid_ = define();
    depsim().add(3, "School");
  }

  // A profile that the old server defined.
  std::string define() {
    run_well("mdmctl apply dep-account -name tmp -token-json - <<'EOF'\n" + write_json(token_) + "\nEOF");
    const auto defined = call("PUT", "/v1/dep/profiles?account=tmp",
                              R"({"profile_name": "Usual", "url": "https://mdm.example.org/enroll"})");
    run_well("mdmctl remove dep-account -name tmp");
    return std::string(parse_json(defined.body)->at("profile_uuid").as_string());
  }
  std::string text(const char* part) const { return std::string(token_.at(part).as_string()); }

  // The three devices came while nobody looked.
  void expect_all_assigned() {
    ASSERT_TRUE(comes_true([&] { return depsim().count_with(uuid_, "School") == 3; }));
    await_idle();
    EXPECT_EQ(depsim().assigned().successes, 3);
  }

  // NanoDEP's table, with the types of either database.
  std::string schema(const char* timestamp) const {
    return fmt::format(
        "CREATE TABLE dep_names (name VARCHAR(255) NOT NULL PRIMARY KEY, consumer_key TEXT NULL, consumer_secret TEXT "
        "NULL, access_token TEXT NULL, access_secret TEXT NULL, access_token_expiry {0} NULL, config_base_url "
        "VARCHAR(255) NULL, tokenpki_cert_pem TEXT NULL, tokenpki_key_pem TEXT NULL, tokenpki_staging_cert_pem TEXT "
        "NULL, tokenpki_staging_key_pem TEXT NULL, syncer_cursor VARCHAR(1024) NULL, assigner_profile_uuid TEXT NULL, "
        "assigner_profile_uuid_at {0} NULL, created_at {0} DEFAULT CURRENT_TIMESTAMP, updated_at {0} DEFAULT "
        "CURRENT_TIMESTAMP); ",
        timestamp);
  }
  std::string rows() {
    const KeyPair pair = *apple::make_key_pair("depserver", kNow, 1);
    return fmt::format(
        "INSERT INTO dep_names (name, consumer_key, consumer_secret, access_token, access_secret, "
        "access_token_expiry, config_base_url, tokenpki_staging_cert_pem, tokenpki_staging_key_pem, "
        "assigner_profile_uuid) VALUES ('School', '{}', '{}', '{}', '{}', '2031-02-03 04:05:06', '{}', '{}', '{}', "
        "'{}'), ('no-token-yet', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', NULL);",
        text("consumer_key"), text("consumer_secret"), text("access_token"), text("access_secret"),
        depsim().url(), pair.certificate_pem, pair.private_key_pem, uuid_, pair.certificate_pem,
        pair.private_key_pem);
  }
  void expect_imported_from_database(const std::string& said) {
    EXPECT_THAT(said, ContainsRegex("School +token +imported +of the service \"depsim School\""));
    EXPECT_THAT(said, ContainsRegex("School +key pair +imported"));
    EXPECT_THAT(said, ContainsRegex("no-token-yet +key pair +imported"));
    EXPECT_THAT(run_well("mdmctl get dep-tokens -account School -export-public-key ''"),
                HasSubstr("2031-02-03 04:05:06"));
    expect_all_assigned();
  }

  boost::json::object token_;
  std::string uuid_;
};

TEST_F(Sources, NanodepsApi) {
  const auto server =
      old_server("depserver", {{"/v1/dep_names", R"({"dep_names":["School"]})"},
                               {"/v1/tokens/School", write_json(token_)},
                               {"/v1/config/School", R"({"base_url":")" + depsim().url() + R"("})"},
                               {"/v1/assigner/School", R"({"profile_uuid":")" + uuid_ + R"("})"},
                               {"/v1/config/new", "null"},
                               {"/v1/assigner/new", "{}"}});
  const auto import = fmt::format("mdmctl import nanodep -url http://127.0.0.1:{} -api-key ", server->port());
  EXPECT_THAT(run_badly(import + "wrong"), HasSubstr("The old server does not accept this API key"));
  const auto nobody = run(import + kOldKey + " -names new");
  EXPECT_THAT(nobody.err, HasSubstr("NanoDEP has nothing of the DEP name \"new\""));
  const auto said = run_well(import + kOldKey);
  EXPECT_THAT(said, ContainsRegex("School +token +imported"));
  EXPECT_THAT(said, ContainsRegex("School +cursor +unavailable +NanoDEP's API does not give it"));
  expect_all_assigned();
  EXPECT_THAT(run_well(import + kOldKey), HasSubstr("everything was here already"));
}

TEST_F(Sources, MicromdmsApi) {
  const auto server = old_server(
      "micromdm",
      {{"/v1/dep-tokens",
        write_json(boost::json::object{{"dep_tokens", boost::json::array{token_}}, {"public_key", "AA=="}})},
       {"/v1/dep/autoassigners", R"({"autoassigners":[{"filter":"*","profile_uuid":")" + uuid_ + R"("}]})"}});
  const auto import = fmt::format(
      "mdmctl import micromdm -url http://127.0.0.1:{} -api-token {} -name School", server->port(), kOldKey);
  EXPECT_THAT(run_well(import + " -dry-run"), ContainsRegex("School +assigner +would be imported"));
  EXPECT_THAT(run_well(import), ContainsRegex("School +assigner +imported"));
  expect_all_assigned();
}

TEST_F(Sources, TheOlderFiles) {
  write("db/School.tokens.json", write_json(token_) + "\n");
  write("db/School.profile.txt", uuid_ + "\n");
  write("db/School.config.json", R"({"base_url":")" + depsim().url() + "\"}\n");
  EXPECT_THAT(run_well("mdmctl import nanodep -storage file -dsn db"),
              ContainsRegex("School +token +imported"));
  expect_all_assigned();
}

TEST_F(Sources, Postgres) {
  const auto url = PostgresCluster::shared().new_database();
  const auto import = "mdmctl import nanodep -storage pgsql -dsn '" + url + "'";
  EXPECT_THAT(run_badly(import), HasSubstr("the database has no table dep_names: it is not NanoDEP's"));
  PostgresCluster::query(url, schema("TIMESTAMPTZ") + rows());
  PostgresCluster::query(
      url,
      "CREATE TABLE dep_devices (serial_number TEXT, dep_name TEXT, profile_uuid TEXT); INSERT INTO "
      "dep_devices VALUES ('A', 'School', '" +
          uuid_ + "'), ('B', 'School', NULL)");
  expect_imported_from_database(run_well(import));
  EXPECT_THAT(
      run_badly("mdmctl import nanodep -storage pgsql -dsn 'host=127.0.0.1 port=1 user=u password=hidden1'"),
      AllOf(HasSubstr("cannot connect to PostgreSQL"), Not(HasSubstr("hidden1"))));
}

TEST_F(Sources, Mysql) {
  const MariaDb database;
  const auto import = "mdmctl import nanodep -storage mysql -dsn '" + database.dsn() + "'";
  EXPECT_THAT(run_badly(import), HasSubstr("the database has no table dep_names: it is not NanoDEP's"));
  database.run(schema("TIMESTAMP") + rows());
  expect_imported_from_database(run_well(import));
  EXPECT_THAT(run_badly("mdmctl import nanodep -storage mysql -dsn 'u:hidden1@tcp(127.0.0.1:1)/d'"),
              AllOf(HasSubstr("cannot connect to MySQL"), Not(HasSubstr("hidden1"))));
}

}  // namespace
}  // namespace muster::test
