// MicroMDM's calls about the token.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;

class DepTokens : public test::ApiFixture {};

TEST_F(DepTokens, TheFirstCallMakesTheKeyPairAndTheNextOnesGiveIt) {
  const auto first = get("/v1/dep-tokens");
  EXPECT_EQ(first.status, 200);
  const auto der = base64_decode(first.text("public_key"));
  ASSERT_TRUE(der);
  EXPECT_TRUE(der->starts_with("\x30\x82")) << "a DER sequence";
  EXPECT_EQ(get("/v1/dep-tokens").text("public_key"), first.text("public_key"));
  EXPECT_TRUE(read([&](Reader& r) { return r.key_pair(account_.id); }));
}

TEST_F(DepTokens, TheTokenIsGivenAsItIs) {
  write([&](Writer& w) {
    return w.put_token(account_.id, {"CK", "CS", "AT", "AS", clock_.now() + std::chrono::hours(24)});
  });
  EXPECT_EQ(write_json(get("/v1/dep-tokens")["dep_tokens"]),
            R"([{"consumer_key":"CK","consumer_secret":"CS","access_token":"AT","access_secret":"AS",)"
            R"("access_token_expiry":"2026-03-02T09:00:00Z"}])");
}

TEST_F(DepTokens, WithoutOneThereIsNull) {
  write([](Writer& w) { return w.create_account(AccountName("bare")); });
  EXPECT_TRUE(get("/v1/dep-tokens?account=bare")["dep_tokens"].is_null());
}

TEST_F(DepTokens, AFileThatCannotBeOpenedChangesNothing) {
  EXPECT_EQ(put("/v1/dep-tokens", R"({})").status, 400);
  const auto not_base64 = put("/v1/dep-tokens", R"({"p7m_content":"***"})");
  EXPECT_EQ(not_base64.status, 400);
  EXPECT_THAT(not_base64.error(), HasSubstr("not base64"));
  EXPECT_EQ(put("/v1/dep-tokens", R"({"p7m_content":"AAAA"})").status, 409) << "no key pair yet";
  get("/v1/dep-tokens");
  EXPECT_EQ(put("/v1/dep-tokens", R"({"p7m_content":"AAAA"})").status, 400);
  reload();
  EXPECT_EQ(account_.token->consumer_key, "CK");
  EXPECT_TRUE(runs().empty());
}

}  // namespace
}  // namespace muster::api
