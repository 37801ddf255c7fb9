// From a request to a handler: the route, the key, and how an outcome becomes an answer.
#include "api/routing/routes.h"

#include <gmock/gmock.h>

#include "api/answer.h"
#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;
using testing::Not;

class Routes : public test::ApiFixture {
 protected:
  // As the server asks before it reads the body.
  std::optional<http::Response> admit(const std::string& method, const std::string& path,
                                      const std::string& authorization = "") {
    http::Request head;
    head.method = method;
    head.target = head.path = path;
    if (!authorization.empty()) head.headers.add("Authorization", authorization);
    return api_.admit(head);
  }
};

TEST_F(Routes, WithoutAKeyACallIsRefused) {
  EXPECT_EQ(ask("GET", "/version", "", "wrong").text("version"), MUSTER_VERSION);
  for (const char* target : {"/metrics", "/v1/dep-tokens", "/api/v1/accounts", "/api/v1/backup"}) {
    const auto answer = ask("GET", target, "", "wrong");
    EXPECT_EQ(answer.status, 401) << target;
    EXPECT_EQ(answer.error(), "the API key is wrong");
    EXPECT_TRUE(answer.response.headers.has("WWW-Authenticate"));
  }
}

TEST_F(Routes, TheKeyIsThePasswordOrTheBearer) {
  for (const std::string& good :
       {"Basic " + base64_encode("micromdm:key"), "bAsIc  " + base64_encode("micromdm:key"),
        "Basic " + base64_encode("somebody:key"), "Basic " + base64_encode(":key"), std::string("Bearer key"),
        std::string("bearer  key ")})
    EXPECT_FALSE(admit("GET", "/api/v1/accounts", good)) << good;
  for (const std::string& none : {std::string(), std::string("Basic"), std::string("Basic !"),
                                  "Basic " + base64_encode("key"), std::string("Digest key")}) {
    const auto refused = admit("GET", "/api/v1/accounts", none);
    ASSERT_TRUE(refused) << none;
    EXPECT_EQ(refused->status, 401) << none;
    EXPECT_THAT(refused->body, HasSubstr("needs an API key")) << none;
  }
  for (const std::string& wrong :
       {"Bearer " + base64_encode("micromdm:key"), "Basic " + base64_encode("micromdm:ke"),
        "Basic " + base64_encode("micromdm:keyy"), std::string("Bearer ")}) {
    const auto refused = admit("GET", "/api/v1/accounts", wrong);
    ASSERT_TRUE(refused) << wrong;
    EXPECT_EQ(refused->status, 401) << wrong;
    EXPECT_THAT(refused->body, HasSubstr("the API key is wrong")) << wrong;
  }
}

TEST_F(Routes, WhatIsNotThereIsToldBeforeTheKeyIsAskedFor) {
  EXPECT_EQ(admit("GET", "/nothing")->status, 404);
  const auto wrong_method = admit("PATCH", "/api/v1/holds");
  ASSERT_TRUE(wrong_method);
  EXPECT_EQ(wrong_method->status, 405);
  EXPECT_EQ(wrong_method->headers.get("Allow"), "POST, DELETE");
}

TEST_F(Routes, HeadIsGet) { EXPECT_EQ(ask("HEAD", "/api/v1/accounts", "").status, 200); }

TEST_F(Routes, ABodyMustBeAnObject) {
  for (const char* body : {"", "{", "[]", "1", "\"text\""}) {
    const auto answer = post("/api/v1/holds", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(answer.error(), HasSubstr("body"));
  }
}

TEST_F(Routes, AnUnknownAccountIsNotFound) {
  const auto answer = get("/api/v1/rules?account=nobody");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.error(), "there is no account with the name \"nobody\"");
}

TEST(Answers, AnErrorsCodeIsAStatus) {
  const auto status = [](Code code) { return error_answer({code, "why", "", {}}).status; };
  EXPECT_EQ(status(Code::invalid), 400);
  EXPECT_EQ(status(Code::not_found), 404);
  EXPECT_EQ(status(Code::conflict), 409);
  EXPECT_EQ(status(Code::unreachable), 504);
  EXPECT_EQ(status(Code::not_configured), 503);
  EXPECT_EQ(status(Code::busy), 503);
}

TEST(Answers, WhatAppleRefusedIsTheCallersFaultItsTroubleIsNot) {
  const auto status = [](int remote, const std::string& word) {
    return error_answer({Code::remote, "why", "", {remote, word, {}}}).status;
  };
  EXPECT_EQ(status(400, "CONFIG_URL_INVALID"), 400);
  EXPECT_EQ(status(404, "PROFILE_NOT_FOUND"), 404);
  EXPECT_EQ(status(500, "internal_server_error"), 502);
  EXPECT_EQ(status(403, "T_C_NOT_SIGNED"), 502);
}

TEST(Answers, AnErrorOfOurOwnTellsNoMoreThanThatItHappened) {
  log::set_level(log::Level::error);
  const auto answer = error_answer({Code::internal, "in /var/secret", "", {}});
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, Not(HasSubstr("/var/secret")));
  EXPECT_THAT(error_answer({Code::storage, "the disk is full", "", {}}).body, HasSubstr("the disk is full"));
}

}  // namespace
}  // namespace muster::api
