// Keys of the API as they are made, used, changed and refused.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class KeyCalls : public test::ApiFixture {
 protected:
  /// Makes or changes the key; its text, "" when it has no new one.
  std::string apply(const std::string& name, const std::string& body) {
    const auto answer = put("/api/v1/keys/" + name, body);
    EXPECT_EQ(answer.status, 200) << boost::json::serialize(answer.json);
    return answer.has("api_key") ? answer.text("api_key") : "";
  }
  int status_with(const std::string& key, const std::string& method = "GET",
                  const std::string& target = "/api/v1/rules", const std::string& body = "") {
    return ask(method, target, body, key).status;
  }
  std::string error_with(const std::string& key, const std::string& target = "/api/v1/rules") {
    return ask("GET", target, "", key).error();
  }
  boost::json::object shown(const std::string& name) {
    const auto answer = get("/api/v1/keys");
    for (const auto& key : answer["keys"].as_array())
      if (key.at("name") == boost::json::value(name)) return key.as_object();
    return {};
  }
};

TEST_F(KeyCalls, ANewKeyWorksAndItsTextIsShownOnce) {
  const auto answer = put("/api/v1/keys/ci", R"({"role": "read"})");
  EXPECT_EQ(answer["created"], true);
  EXPECT_EQ(answer.text("role"), "read");
  EXPECT_EQ(answer.text("created_by"), "-api-key");
  EXPECT_FALSE(answer.has("expires_at"));
  const auto text = answer.text("api_key");
  EXPECT_EQ(status_with(text), 200);
  EXPECT_THAT(boost::json::serialize(get("/api/v1/keys").json), Not(HasSubstr(text.substr(16))));
  EXPECT_FALSE(put("/api/v1/keys/ci", R"({"role": "read"})").has("api_key"));
  EXPECT_EQ(status_with(text), 200);
}

TEST_F(KeyCalls, AChangeAppliesAtOnce) {
  const auto text = apply("ci", R"({"role": "read"})");
  EXPECT_EQ(status_with(text, "POST", "/v1/dep/syncnow"), 403);
  apply("ci", R"({"role": "operator"})");
  EXPECT_NE(status_with(text, "POST", "/v1/dep/syncnow"), 403);
  const auto newer = apply("ci", R"({"new_key": true})");
  EXPECT_EQ(status_with(text), 401);
  EXPECT_EQ(status_with(newer), 200);
  EXPECT_EQ(shown("ci").at("role"), "operator");
  EXPECT_EQ(del("/api/v1/keys/ci").status, 200);
  EXPECT_EQ(error_with(newer), "the API key is wrong");
  EXPECT_EQ(del("/api/v1/keys/ci").status, 404);
}

TEST_F(KeyCalls, WhatIsNotGivenStays) {
  ASSERT_EQ(put("/api/v1/accounts/school", "{}").status, 200);
  apply("ci", R"({"role": "operator", "accounts": ["school"], "expires_in": 60})");
  apply("ci", R"({"role": "read"})");
  EXPECT_EQ(boost::json::serialize(shown("ci").at("accounts")), R"(["school"])");
  EXPECT_EQ(shown("ci").at("expires_at"), "2026-03-01T09:01:00Z");
  apply("ci", R"({"accounts": ["*"], "expires_in": 0})");
  EXPECT_EQ(boost::json::serialize(shown("ci").at("accounts")), R"(["*"])");
  EXPECT_FALSE(shown("ci").contains("expires_at"));
  EXPECT_EQ(shown("ci").at("role"), "read");
}

TEST_F(KeyCalls, AnExpiredKeyEnds) {
  const auto text = apply("ci", R"({"role": "read", "expires_in": 60})");
  clock_.advance(59s);
  EXPECT_EQ(status_with(text), 200);
  clock_.advance(1s);
  EXPECT_EQ(status_with(text), 401);
  EXPECT_THAT(error_with(text), HasSubstr("expired at 2026-03-01T09:01:00Z"));
  apply("ci", R"({"expires_in": 60})");
  EXPECT_EQ(status_with(text), 200);
}

TEST_F(KeyCalls, ATypoIsToldFromAWrongKey) {
  auto text = apply("ci", R"({"role": "read"})");
  EXPECT_THAT(error_with(text.substr(0, 40)), HasSubstr("a part of it is missing"));
  text[30] = text[30] == 'a' ? 'b' : 'a';
  EXPECT_THAT(error_with(text), HasSubstr("typo"));
}

TEST_F(KeyCalls, A403NamesTheRoleThatIsNeeded) {
  const auto text = apply("ci", R"({"role": "read"})");
  const auto answer = ask("GET", "/v1/dep-tokens", "", text);
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.error(), HasSubstr("needs the role admin, and the API key \"ci\" has the role read"));
}

TEST_F(KeyCalls, OfSomeAccountsSeeNoOthers) {
  ASSERT_EQ(put("/api/v1/accounts/school", "{}").status, 200);
  ASSERT_EQ(put("/api/v1/accounts/lab", "{}").status, 200);
  const auto text = apply("ci", R"({"role": "admin", "accounts": ["school"]})");
  EXPECT_EQ(status_with(text, "GET", "/api/v1/rules?account=school"), 200);
  const auto of_foreign = ask("GET", "/api/v1/rules?account=lab", "", text);
  EXPECT_EQ(of_foreign.status, 404);
  EXPECT_EQ(of_foreign.error(), "there is no account with the name \"lab\". The API key is for school");
  EXPECT_EQ(error_with(text, "/api/v1/rules?account=none"),
            "there is no account with the name \"none\". The API key is for school");
  EXPECT_EQ(status_with(text, "PUT", "/api/v1/accounts/new", "{}"), 404);
  EXPECT_EQ(ask("GET", "/api/v1/accounts", "", text)["accounts"].as_array().size(), 1U);
  EXPECT_EQ(ask("GET", "/api/v1/servers", "", text)["servers"].as_array().at(0).at("accounts"), 1);
  EXPECT_EQ(status_with(text, "GET", "/api/v1/keys"), 403) << "it could make itself one for all accounts";
  EXPECT_EQ(status_with(text, "GET", "/api/v1/backup"), 403);

  ASSERT_EQ(del("/api/v1/accounts/school").status, 200);
  ASSERT_EQ(put("/api/v1/accounts/school", "{}").status, 200);
  EXPECT_EQ(status_with(text, "GET", "/api/v1/rules?account=school"), 404)
      << "another account of the same name";
  EXPECT_THAT(ask("GET", "/api/v1/accounts", "", text)["accounts"].as_array(), IsEmpty());
}

TEST_F(KeyCalls, WrongOnesAreSlowedDownAndRightOnesWork) {
  const auto text = apply("ci", R"({"role": "read"})");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(status_with("wrong"), 401) << i;
  const auto refused = ask("GET", "/api/v1/rules", "", "wrong");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.response.headers.get("Retry-After"), "60");
  EXPECT_EQ(status_with(text), 200);
  EXPECT_EQ(status_with("key"), 200);
  clock_.advance(1min);
  EXPECT_EQ(status_with("wrong"), 401);
}

TEST_F(KeyCalls, ARequestWithoutAKeyIsNoGuess) {
  http::Request request;
  request.method = "GET";
  request.target = request.path = "/api/v1/rules";
  request.peer = "192.0.2.1";
  for (int i = 0; i < 20; ++i) EXPECT_EQ(api_.handle(request).status, 401);
}

TEST_F(KeyCalls, TheirLastUseIsShown) {
  const auto text = apply("ci", R"({"role": "read"})");
  EXPECT_FALSE(shown("ci").contains("last_used"));
  EXPECT_EQ(status_with(text), 200);
  ASSERT_TRUE(test::eventually([&] { return shown("ci").contains("last_used"); }));
  EXPECT_EQ(shown("ci").at("last_used"), "2026-03-01");
  EXPECT_EQ(shown("ci").at("last_address"), "192.0.2.1");
}

TEST_F(KeyCalls, WhatCannotBeIsRefused) {
  const auto refusal = [&](const std::string& name, const std::string& body) {
    const auto answer = put("/api/v1/keys/" + name, body);
    EXPECT_THAT(answer.status, testing::AnyOf(400, 404)) << body;
    return answer.error();
  };
  EXPECT_THAT(refusal("ci", "{}"), HasSubstr("a new one needs a role"));
  EXPECT_THAT(refusal("ci", R"({"role": "root"})"), HasSubstr("metrics, read, operator or admin"));
  EXPECT_THAT(refusal("ci", R"({"role": "read", "accounts": []})"), HasSubstr("names no account"));
  EXPECT_THAT(refusal("ci", R"({"role": "read", "accounts": ["none"]})"),
              HasSubstr("no account with the name"));
  EXPECT_THAT(refusal("ci", R"({"role": "read", "expires_in": -1})"), HasSubstr("expires_in"));
  EXPECT_THAT(refusal("-api-key", R"({"role": "read"})"), HasSubstr("cannot be the name of a key"));
  EXPECT_THAT(get("/api/v1/keys")["keys"].as_array(), IsEmpty());
}

}  // namespace
}  // namespace muster::api
