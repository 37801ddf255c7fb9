// MicroMDM's API, as its mdmctl 1.13.1 was recorded to use it: what it sends, and answers that it can read.
#include <gmock/gmock.h>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "http/json.h"
#include "tests/e2e/world/raw_call.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr const char* kJson = "application/json; charset=utf-8";
constexpr const char* kNoTokenText = "DEP not configured yet. add a DEP token to enable DEP";

std::vector<std::string> keys_of(const boost::json::value& value) {
  std::vector<std::string> keys;
  for (const auto& member : value.as_object()) keys.emplace_back(member.key());
  return keys;
}

std::string string_of(const boost::json::value& value) { return std::string(value.as_string()); }

// mdmctl takes any answer with a member `err` for a failure; and a time "" for broken JSON.
void expect_readable(const boost::json::value& value) {
  if (const auto* array = value.if_array())
    for (const auto& item : *array) expect_readable(item);
  if (!value.is_object()) return;
  for (const auto& [key, member] : value.get_object()) {
    EXPECT_NE(key, "err");
    const std::string name(key);
    if (name.ends_with("_time") || name.ends_with("_date") || name.ends_with("_expiry") ||
        name == "last_seen") {
      EXPECT_THAT(string_of(member),
                  testing::MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"))
          << name;
    }
    expect_readable(member);
  }
}

class Api : public World {
 protected:
  http::Response ask(const std::string& method, const std::string& path, const std::string& json = {}) {
    return call_as_mdmctl(muster().port(), method, path, json, kApiKey);
  }
  // A success, as mdmctl needs it.
  boost::json::value ask_well(const std::string& method, const std::string& path,
                              const std::string& json = {}) {
    const auto answer = ask(method, path, json);
    EXPECT_EQ(answer.status, 200) << method << " " << path << ": " << answer.body;
    EXPECT_EQ(answer.headers.get("Content-Type"), kJson) << method << " " << path;
    const auto value = parse_json(answer.body);
    EXPECT_TRUE(value) << answer.body;
    if (!value) return boost::json::object();
    expect_readable(*value);
    return *value;
  }
  // A failure, as mdmctl needs it. Returns the text.
  static std::string expect_error(const http::Response& answer, int status) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.headers.get("Content-Type"), kJson) << answer.body;
    const auto value = parse_json(answer.body);
    EXPECT_TRUE(value && value->is_object()) << answer.body;
    if (!value || !value->is_object()) return {};
    EXPECT_THAT(keys_of(*value), UnorderedElementsAre("error"));
    return string_of(value->at("error"));
  }
  std::string define(const std::string& devices = "null") {
    const auto answer =
        ask_well("PUT", "/v1/dep/profiles",
                 R"({"profile_name":"Example","url":"https://mdm.example.org/e","is_mdm_removable":true,)"
                 R"("org_magic":"","devices":)" +
                     devices + "}");
    return string_of(answer.at("profile_uuid"));
  }
};

class ApiWithApple : public Api {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "3"});
    start_muster();
    await_baseline(3);
    serials_ = depsim().serials();
  }
  Serials serials_;
};

TEST_F(ApiWithApple, Version) {
  const auto answer = call_as_mdmctl(muster().port(), "GET", "/version", {}, {});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.get("Content-Type"), kJson);
  EXPECT_EQ(answer.body, "{\"version\":\"" MUSTER_VERSION "\"}\n");
}

TEST_F(ApiWithApple, DepTokens) {
  const auto answer = ask_well("GET", "/v1/dep-tokens");
  EXPECT_THAT(keys_of(answer), UnorderedElementsAre("dep_tokens", "public_key"));
  const auto& token = answer.at("dep_tokens").as_array().at(0);
  // The well-known token has no expiry: the member is left out.
  EXPECT_THAT(keys_of(token),
              UnorderedElementsAre("consumer_key", "consumer_secret", "access_token", "access_secret"));
  const auto der = base64_decode(string_of(answer.at("public_key")));
  ASSERT_TRUE(der);
  EXPECT_EQ(der->substr(0, 2), "\x30\x82") << "a certificate in DER";
  EXPECT_EQ(ask_well("GET", "/v1/dep-tokens"), answer);

  const auto certificate = run("mdmctl get dep-tokens -export-public-key key.pem").exit;
  EXPECT_EQ(certificate, 0);
  const auto p7m = depsim().make_token_file(read("key.pem"), "default", "expires=2031-02-03T04:05:06Z");
  EXPECT_EQ(ask_well("PUT", "/v1/dep-tokens", "{\"p7m_content\":\"" + base64_encode(p7m) + "\"}"),
            boost::json::object());
  const auto after = ask_well("GET", "/v1/dep-tokens");
  EXPECT_EQ(string_of(after.at("dep_tokens").as_array().at(0).at("access_token_expiry")),
            "2031-02-03T04:05:06Z");
}

TEST_F(ApiWithApple, DepAccount) {
  const auto answer = ask_well("GET", "/v1/dep/account");
  const auto keys = keys_of(answer);
  for (const char* key : {"server_name", "server_uuid", "admin_id", "org_name", "org_email", "org_phone",
                          "org_address", "org_id", "org_id_hash", "urls", "org_type", "org_version"})
    EXPECT_THAT(keys, testing::Contains(key));
  EXPECT_TRUE(answer.at("urls").is_array());
  EXPECT_EQ(string_of(answer.at("server_name")), "depsim default");
}

TEST_F(ApiWithApple, DepDevices) {
  const auto uuid = define("[\"" + serials_[0] + "\"]");
  const auto answer =
      ask_well("POST", "/v1/dep/devices",
               R"({"serials":[")" + serials_[0] + R"(",")" + serials_[1] + R"(","NOSUCHSERIAL"]})");
  EXPECT_THAT(keys_of(answer), UnorderedElementsAre("devices"));
  EXPECT_THAT(keys_of(answer.at("devices")), UnorderedElementsAre(serials_[0], serials_[1], "NOSUCHSERIAL"));
  const auto& assigned = answer.at("devices").at(serials_[0]);
  for (const char* key :
       {"serial_number", "model", "description", "color", "profile_status", "profile_uuid",
        "profile_assign_time", "device_assigned_date", "device_assigned_by", "os", "device_family"})
    EXPECT_TRUE(assigned.as_object().contains(key)) << key;
  EXPECT_EQ(string_of(assigned.at("serial_number")), serials_[0]);
  EXPECT_EQ(string_of(assigned.at("profile_status")), "assigned");
  EXPECT_EQ(string_of(assigned.at("profile_uuid")), uuid);
  EXPECT_EQ(string_of(answer.at("devices").at(serials_[1]).at("profile_status")), "empty");
  EXPECT_EQ(string_of(answer.at("devices").at("NOSUCHSERIAL").at("response_status")), "NOT_ACCESSIBLE");
}

TEST_F(ApiWithApple, TheCaseOfSerialsAndUuidsDoesNotMatter) {
  const auto uuid = define();
  EXPECT_EQ(ask_well("POST", "/v1/dep/assign",
                     "{\"id\":\"" + to_lower(uuid) + R"(","serials":[" )" + to_lower(serials_[0]) + R"("]})"),
            boost::json::value({{"profile_uuid", uuid}, {"devices", {{serials_[0], "SUCCESS"}}}}));
  const auto answer =
      ask_well("POST", "/v1/dep/devices", R"({"serials":[")" + to_lower(serials_[0]) + R"("]})");
  EXPECT_EQ(string_of(answer.at("devices").at(serials_[0]).at("profile_uuid")), uuid);
  const auto device = ask_well("GET", "/api/v1/devices/default/" + to_lower(serials_[0]));
  EXPECT_EQ(string_of(device.at("device").at("desired_profile_uuid")), uuid);
  const auto profile = ask_well("POST", "/v1/dep/profiles", "{\"uuid\":\"" + to_lower(uuid) + "\"}");
  EXPECT_EQ(string_of(profile.at("profile_uuid")), uuid);
  EXPECT_EQ(ask("POST", "/v1/dep/devices", R"({"serials":["C02 A"]})").status, 400);
}

TEST_F(ApiWithApple, DepProfiles) {
  const auto defined =
      ask_well("PUT", "/v1/dep/profiles",
               R"({"profile_name":"Example","url":"https://mdm.example.org/e","is_mdm_removable":true,)"
               R"("org_magic":"","devices":[")" +
                   serials_[0] + R"(","NOSUCHSERIAL"]})");
  EXPECT_THAT(keys_of(defined), UnorderedElementsAre("profile_uuid", "devices"));
  EXPECT_EQ(defined.at("devices"),
            boost::json::value({{serials_[0], "SUCCESS"}, {"NOSUCHSERIAL", "NOT_ACCESSIBLE"}}));

  const auto uuid = string_of(defined.at("profile_uuid"));
  const auto profile = ask_well("POST", "/v1/dep/profiles", "{\"uuid\":\"" + uuid + "\"}");
  EXPECT_EQ(string_of(profile.at("profile_uuid")), uuid);
  EXPECT_EQ(string_of(profile.at("profile_name")), "Example");
  EXPECT_EQ(string_of(profile.at("url")), "https://mdm.example.org/e");

  const auto without = ask_well(
      "PUT", "/v1/dep/profiles",
      R"({"profile_name":"x","url":"https://a.example.org","is_mdm_removable":true,"org_magic":"","devices":null})");
  EXPECT_EQ(without.at("devices"), boost::json::object());
}

TEST_F(ApiWithApple, AssignAndRemoveManually) {
  const auto uuid = define();
  EXPECT_EQ(
      ask_well("POST", "/v1/dep/assign",
               R"({"id":")" + uuid + R"(","serials":[")" + serials_[1] + R"(","NOSUCHSERIAL"]})"),
      boost::json::value({{"profile_uuid", uuid},
                          {"devices", {{serials_[1], "SUCCESS"}, {"NOSUCHSERIAL", "NOT_ACCESSIBLE"}}}}));
  EXPECT_EQ(depsim().profile_of(serials_[1]), uuid);
  EXPECT_EQ(ask_well("DELETE", "/v1/dep/profiles", R"({"serials":[")" + serials_[1] + R"("]})"),
            boost::json::value({{"serials", {{serials_[1], "SUCCESS"}}}}));
  EXPECT_EQ(depsim().profile_of(serials_[1]), "");
  // Held by an operator: the next runs leave it alone.
  const size_t mark = muster().mark();
  sync_now();
  EXPECT_EQ(muster().await("sync.done", mark).number("calls"), 0);
  EXPECT_EQ(depsim().profile_of(serials_[1]), "");
}

TEST_F(ApiWithApple, Autoassigners) {
  const auto list = [&] { return ask_well("GET", "/v1/dep/autoassigners"); };
  EXPECT_EQ(list(), boost::json::value({{"autoassigners", boost::json::array()}}));
  const auto uuid = define_profile();
  EXPECT_EQ(ask_well("POST", "/v1/dep/autoassigners", R"({"filter":"*","profile_uuid":")" + uuid + "\"}"),
            boost::json::object());
  EXPECT_EQ(list(),
            parse_json(R"({"autoassigners":[{"filter":"*","profile_uuid":")" + uuid + "\"}]}").value());
  EXPECT_EQ(ask_well("DELETE", "/v1/dep/autoassigners", R"({"filter":"*"})"), boost::json::object());
  EXPECT_EQ(list(), boost::json::value({{"autoassigners", boost::json::array()}}));
}

TEST_F(ApiWithApple, Devices) {
  const auto all =
      ask_well("POST", "/v1/devices", R"({"page":0,"per_page":0,"filter_serial":null,"filter_udid":null})");
  ASSERT_EQ(all.at("devices").as_array().size(), 3U);
  const auto one =
      ask_well("POST", "/v1/devices",
               R"({"page":0,"per_page":0,"filter_serial":[")" + serials_[2] + R"("],"filter_udid":null})");
  EXPECT_EQ(
      one,
      parse_json(
          R"({"devices":[{"serial_number":")" + serials_[2] +
          R"(","udid":"","enrollment_status":false,"last_seen":"0001-01-01T00:00:00Z","dep_profile_status":"empty"}]})")
          .value());

  for (const char* page : {"2", "9223372036854775807"})
    EXPECT_TRUE(ask_well("POST", "/v1/devices", std::string(R"({"page":)") + page + R"(,"per_page":2})")
                    .at("devices")
                    .as_array()
                    .empty())
        << page;

  EXPECT_EQ(
      ask_well("DELETE", "/v1/devices", R"({"Opts":{"udids":null,"serials":[")" + serials_[2] + R"("]}})"),
      boost::json::object());
  EXPECT_EQ(ask_well("DELETE", "/v1/devices", R"({"udids":null,"serials":[")" + serials_[1] + R"("]})"),
            boost::json::object());
  const auto left =
      ask_well("POST", "/v1/devices", R"({"page":0,"per_page":0,"filter_serial":null,"filter_udid":null})");
  ASSERT_EQ(left.at("devices").as_array().size(), 1U);
  EXPECT_EQ(string_of(left.at("devices").as_array()[0].at("serial_number")), serials_[0]);
}

TEST_F(ApiWithApple, SyncNow) {
  const size_t mark = muster().mark();
  const auto answer = ask("POST", "/v1/dep/syncnow");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  muster().await("sync.done", mark);
  // curl -X POST sends neither a length nor a body; -d '' sends a length of 0.
  EXPECT_EQ(
      run_well("curl -sS -o answer -w '%{http_code}' -u micromdm:$APIKEY -X POST $SERVER_URL/v1/dep/syncnow"),
      "200");
  EXPECT_EQ(
      run_well("curl -sS -o answer -w '%{http_code}' -u micromdm:$APIKEY -d '' $SERVER_URL/v1/dep/syncnow"),
      "200");
}

TEST_F(ApiWithApple, WithoutTheKey) {
  for (const auto& key :
       {std::string(), std::string("wrong"), std::string(kApiKey) + "x", std::string(kApiKey).substr(1)}) {
    for (const char* method : {"GET", "POST", "DELETE"}) {
      const auto answer = call_as_mdmctl(muster().port(), method, "/v1/dep/autoassigners",
                                         *method == 'G' ? "" : R"({"filter":"*","profile_uuid":"U"})", key);
      EXPECT_THAT(expect_error(answer, 401),
                  HasSubstr(key.empty() ? "needs an API key" : "the API key is wrong"));
      EXPECT_EQ(answer.headers.get("WWW-Authenticate"), "Basic realm=\"micromdm\"");
    }
  }
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n");
  // NanoDEP's tools, and others, have other users.
  EXPECT_EQ(run_well("curl -s -o answer -w '%{http_code}' -u depserver:$APIKEY $SERVER_URL/v1/dep/account"),
            "200");
  EXPECT_EQ(
      run_well(
          "curl -s -o answer -w '%{http_code}' -H \"Authorization: Bearer $APIKEY\" $SERVER_URL/v1/dep/account"),
      "200");
}

TEST_F(ApiWithApple, NoSuchPath) {
  EXPECT_THAT(expect_error(ask("GET", "/v1/nothing"), 404), HasSubstr("/v1/nothing"));
  expect_error(ask("GET", "/nothing"), 404);
}

TEST_F(ApiWithApple, WrongMethod) {
  const auto answer = ask("PUT", "/v1/dep/autoassigners", "{}");
  EXPECT_THAT(expect_error(answer, 405), HasSubstr("PUT"));
  EXPECT_EQ(answer.headers.get("Allow"), "GET, POST, DELETE");
  EXPECT_EQ(ask("POST", "/version", "{}").headers.get("Allow"), "GET");
}

TEST_F(ApiWithApple, BodiesThatCannotBeRead) {
  const char* const kBodies[] = {R"({"filter":"*","profile_uuid":"ABC)",
                                 "filter=*",
                                 "[]",
                                 R"({"filter":7,"profile_uuid":"A"})",
                                 R"({"filter":"*"})",
                                 "\"\"",
                                 "null"};
  for (const char* body : kBodies)
    EXPECT_NE(expect_error(ask("POST", "/v1/dep/autoassigners", body), 400), "") << body;
  EXPECT_THAT(
      expect_error(ask("POST", "/v1/dep/autoassigners", "{\"filter\":\"*\",\n\"profile_uuid\":\"AB"), 400),
      HasSubstr("line 2"));
  for (const char* path : {"/v1/dep/devices", "/v1/dep/profiles", "/v1/dep/assign", "/v1/devices"}) {
    expect_error(ask("POST", path, R"({"serials":["A")"), 400);
  }
  expect_error(ask("PUT", "/v1/dep-tokens", R"({"p7m_content":"%%%"})"), 400);
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n");
}

TEST_F(ApiWithApple, BodiesOverTheLimit) {
  run("head -c 9000000 /dev/zero | tr '\\0' ' ' > big");
  for (const char* form : {"", "-H 'Transfer-Encoding: chunked'"}) {
    const auto status =
        run_well(std::string("curl -s -o answer -w '%{http_code} %{content_type}' ") + form +
                 " -u micromdm:$APIKEY -X PUT --data-binary @big $SERVER_URL/v1/dep/profiles");
    EXPECT_EQ(status, std::string("413 ") + kJson) << form;
    const auto answer = parse_json(read("answer"));
    ASSERT_TRUE(answer) << read("answer");
    EXPECT_NE(string_of(answer->at("error")), "");
  }
  EXPECT_EQ(depsim().calls("POST /profile"), 0);
}

TEST_F(ApiWithApple, RequestsThatAreNoHttp) {
  const auto answer = send_raw(muster().port(), "HELLO\r\n\r\n");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(call_as_mdmctl(muster().port(), "GET", "/version", {}, {}).status, 200);
}

TEST_F(ApiWithApple, AppleWordsReachTheUser) {
  const auto unknown = ask("POST", "/v1/dep/profiles", R"({"uuid":"0123456789ABCDEF0123456789ABCDEF"})");
  EXPECT_THAT(expect_error(unknown, 404), HasSubstr("NOT_FOUND"));
  const auto invalid =
      ask("PUT", "/v1/dep/profiles", R"({"profile_name":"x","url":"ftp://x","devices":null})");
  EXPECT_THAT(expect_error(invalid, 400), HasSubstr("CONFIG_URL_INVALID"));
  depsim().add_fault({{"endpoint", "account"}, {"status", 403}, {"body", "T_C_NOT_SIGNED"}});
  const auto terms = ask("GET", "/v1/dep/account");
  EXPECT_NE(terms.status, 200);
  EXPECT_THAT(expect_error(terms, terms.status), HasSubstr("T_C_NOT_SIGNED"));
}

using ApiWithoutToken = Api;

TEST_F(ApiWithoutToken, SaysSoWhereAppleIsNeeded) {
  start_muster();
  const struct {
    const char *method, *path, *body;
  } kCalls[] = {
      {"GET", "/v1/dep/account", ""},
      {"POST", "/v1/dep/devices", R"({"serials":["A"]})"},
      {"POST", "/v1/dep/profiles", R"({"uuid":"U"})"},
      {"PUT", "/v1/dep/profiles", R"({"profile_name":"x","url":"https://a.example.org","devices":null})"},
      {"DELETE", "/v1/dep/profiles", R"({"serials":["A"]})"},
      {"POST", "/v1/dep/assign", R"({"id":"U","serials":["A"]})"},
      {"POST", "/v1/dep/syncnow", ""}};
  for (const auto& [method, path, body] : kCalls) {
    const auto answer = ask(method, path, body);
    EXPECT_NE(answer.status, 200) << path;
    EXPECT_THAT(expect_error(answer, answer.status), testing::StartsWith(kNoTokenText)) << path;
  }
  EXPECT_THAT(run_badly("mdmctl get dep-account"), HasSubstr(kNoTokenText));
}

TEST_F(ApiWithoutToken, DoesTheRest) {
  start_muster();
  EXPECT_TRUE(ask_well("GET", "/v1/dep-tokens").at("dep_tokens").is_null());
  ask_well("POST", "/v1/dep/autoassigners", R"({"filter":"*","profile_uuid":"ABCDEF"})");
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n*       ABCDEF\n");
  EXPECT_EQ(run_well("mdmctl remove dep-autoassigner"), "removed DEP profile associated with filter '*'\n");
  EXPECT_EQ(run_well("mdmctl get devices"), "UDID  SerialNumber  EnrollmentStatus  LastSeen\n");
  EXPECT_EQ(run_well("mdmctl get dep-tokens -export-public-key ''"), "ConsumerKey  AccessTokenExpiry\n");
  stop_muster();
  start_muster();
  EXPECT_EQ(run_well("mdmctl get dep-autoassigners"), "Filter  DEP Profile UUID\n");
}

}  // namespace
}  // namespace muster::test
