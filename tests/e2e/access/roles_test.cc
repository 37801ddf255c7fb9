// Who may make which call, over the table of all calls: each role, for all accounts or for one, on an account
// of its own, on another one and on one that does not exist. A call that is let through is known by what it
// says of a parameter that no call has, so that nothing happens.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "api/routing/route_table.h"
#include "base/text/json.h"
#include "model/text/words.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/described_api.h"
#include "tests/e2e/world/transcript.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using api::Concerns;
using testing::HasSubstr;
using testing::Not;

constexpr Role kRoles[] = {Role::metrics, Role::read, Role::operate, Role::admin};
constexpr const char* kOwn = "school";
constexpr const char* kForeign = "default";
constexpr const char* kUnknownAccount = "nowhere";

class Roles : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "3", "-accounts", "default,school"});
    start_muster();
    await_baseline(3);
    ASSERT_EQ(call("PUT", "/api/v1/accounts/school", "{}").status, 200);
  }

  std::string make_key(const std::string& name, Role role, const std::string& accounts) {
    const auto answer = call("PUT", "/api/v1/keys/" + name,
                             fmt::format(R"({{"role": "{}", "accounts": ["{}"]}})", word(role), accounts));
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::string text(parse_json(answer.body)->at("api_key").as_string());
    add_secret(text);
    return text;
  }

  /// "" for no key.
  http::Response send(const std::string& key, const std::string& method, const std::string& target,
                      const std::string& body = {}) {
    http::ClientRequest request;
    request.method = method;
    request.url = muster().url() + target;
    if (!key.empty()) request.headers.add("Authorization", "Bearer " + key);
    request.body = body;
    request.has_body = !body.empty();
    request.headers_only = never_ends(method, target, body);
    http::Client client;
    const auto response = client.send(request);
    if (!response) throw std::runtime_error(response.error().text());
    expect_as_described(method, target, *response);
    return *response;
  }

  // The call, about that account where it is about one, with a parameter that it does not have.
  static std::string target_of(const api::KnownCall& known, const std::string& account) {
    std::string target = known.pattern;
    for (size_t at = 0; (at = target.find('{')) != std::string::npos;) {
      const bool is_account =
          known.pattern.starts_with("/api/v1/accounts/") || target.substr(at).starts_with("{account}");
      target.replace(at, target.find('}') - at + 1, is_account ? account : "x");
    }
    target += "?nonsense=1";
    const bool has_account =
        std::find(known.parameters.begin(), known.parameters.end(), "account") != known.parameters.end();
    return has_account ? target + "&account=" + account : target;
  }

  static std::string name_of(const api::KnownCall& known) { return known.method + " " + known.pattern; }
  // What is passed on, Apple refuses, or there is no token for it.
  static bool is_let_through(const api::KnownCall& known, const http::Response& answer) {
    if (known.passes_on) return answer.status == 502 || answer.headers.has("X-Apple-Request-UUID");
    return answer.status == 400 &&
           answer.body.find("unknown parameter \\\"nonsense\\\"") != std::string::npos;
  }
};

TEST_F(Roles, WithoutAKeyOnlyOpenCallsAreAnswered) {
  for (const auto& known : api::known_calls()) {
    const auto answer = send("", known.method, target_of(known, kOwn));
    if (!known.role) {
      EXPECT_TRUE(is_let_through(known, answer)) << name_of(known) << ": " << answer.status;
    } else {
      EXPECT_EQ(answer.status, 401) << name_of(known);
      EXPECT_THAT(answer.body, HasSubstr("needs an API key")) << name_of(known);
    }
  }
}

TEST_F(Roles, AKeyMayDoWhatItsRoleMay) {
  int refused = 0, let_through = 0;
  for (const Role role : kRoles) {
    const auto key = make_key(std::string(word(role)), role, "*");
    for (const auto& known : api::known_calls())
      for (const char* account : {kOwn, kForeign}) {
        const auto answer = send(key, known.method, target_of(known, account));
        const std::string where =
            fmt::format("{} with {} on {}: {}", name_of(known), word(role), account, answer.status);
        if (!known.role || allows(role, *known.role)) {
          EXPECT_TRUE(is_let_through(known, answer)) << where;
          ++let_through;
        } else {
          EXPECT_EQ(answer.status, 403) << where;
          EXPECT_THAT(answer.body, HasSubstr(fmt::format("needs the role {}", word(*known.role)))) << where;
          ++refused;
        }
      }
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(let_through, 100);
}

TEST_F(Roles, AKeyOfOneAccountIsOfNoUseForOthers) {
  for (const Role role : kRoles) {
    const auto key = make_key(std::string(word(role)), role, kOwn);
    for (const auto& known : api::known_calls()) {
      const auto answer_on = [&](const char* account) {
        return send(key, known.method, target_of(known, account));
      };
      const auto own = answer_on(kOwn), foreign = answer_on(kForeign), unknown = answer_on(kUnknownAccount);
      const std::string where = fmt::format("{} with {}: {}", name_of(known), word(role), foreign.body);
      if (known.role && !allows(role, *known.role)) {
        for (const auto* answer : {&own, &foreign, &unknown}) EXPECT_EQ(answer->status, 403) << where;
        continue;
      }
      if (known.concerns == Concerns::installation) {
        EXPECT_EQ(own.status, 403) << where;
        EXPECT_THAT(own.body, HasSubstr("concerns all accounts")) << where;
        continue;
      }
      EXPECT_TRUE(is_let_through(known, own)) << where << own.body;
      if (known.concerns == Concerns::nothing || known.concerns == Concerns::own_accounts) continue;
      EXPECT_EQ(foreign.status, 404) << where;
      EXPECT_EQ(foreign.body, replace_all(unknown.body, kUnknownAccount, kForeign))
          << where << ": it tells what there is";
    }
  }
}

// What a call says of all accounts, it says of those of the key.
TEST_F(Roles, NoAnswerSpeaksOfAForeignAccount) {
  const auto key = make_key("school-admin", Role::admin, kOwn);
  const auto everything = send(kApiKey, "GET", "/api/v1/devices?account=*").body;
  ASSERT_THAT(everything, HasSubstr("serial_number"));
  const auto serial =
      std::string(parse_json(everything)->at("devices").at(0).at("serial_number").as_string());
  int seen = 0;
  for (const auto& known : api::known_calls()) {
    if (known.concerns == Concerns::account || known.concerns == Concerns::nothing) continue;
    const bool takes_all = known.concerns == Concerns::account_or_all;
    const auto answer = send(key, known.method, known.pattern + (takes_all ? "?account=*" : ""));
    EXPECT_THAT(answer.body, Not(HasSubstr(serial))) << name_of(known);
    EXPECT_THAT(answer.body, Not(HasSubstr("\"default\""))) << name_of(known) << ": " << answer.body;
    ++seen;
  }
  EXPECT_GE(seen, 5);
  EXPECT_THAT(send(key, "GET", "/api/v1/servers").body, HasSubstr("\"accounts\":1"));
  EXPECT_THAT(send(key, "GET", "/metrics").body, Not(HasSubstr("muster_server_accounts")));
  EXPECT_THAT(send(key, "GET", "/metrics").body, HasSubstr("muster_devices{account=\"school\"}"));
}

}  // namespace
}  // namespace muster::test
