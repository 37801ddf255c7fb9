// Who guesses keys is slowed down and seen, costs little, and harms nobody who shares the address.
#include <gmock/gmock.h>

#include "base/text/json.h"
#include "model/text/key_text.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/raw_call.h"
#include "tests/e2e/world/world.h"
#include "tests/support/raw_connection.h"

namespace muster::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Guessing : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "1"});
    start_muster();
    await_baseline(1);
    const auto made = parse_json(call("PUT", "/api/v1/keys/ci", R"({"role": "operator"})").body);
    key_ = made->at("api_key").as_string();
    add_secret(key_);
  }
  http::Response get(const std::string& key) {
    http::Client client;
    return client.send(api_request(muster().url(), key, "GET", "/api/v1/rules")).value();
  }
  void guess_too_often() {
    while (get("a-wrong-key").status == 401) {
    }
  }
  std::string key_;
};

TEST_F(Guessing, IsAnsweredWith429AndLoggedOnce) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(get("a-wrong-key").status, 401) << i;
  const auto refused = get("a-wrong-key");
  EXPECT_EQ(refused.status, 429);
  EXPECT_GE(std::stoi(refused.headers.get("Retry-After").value_or("0")), 1);
  EXPECT_EQ(get(key_).status, 200);
  EXPECT_EQ(get(kApiKey).status, 200);
  EXPECT_EQ(get(make_key_text().text).status, 429) << "a key that nobody made";
  muster().await("api.wrong_keys");
  EXPECT_EQ(muster().events("api.wrong_keys").size(), 1U) << "the next line comes in a minute";
}

TEST_F(Guessing, ItsBodiesAreNotRead) {
  guess_too_often();
  const auto send_head = [&](const std::string& key) {
    RawConnection connection(muster().port());
    connection.send("PUT /api/v1/lists/lab HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key +
                    "\r\nContent-Length: 8000000\r\nExpect: 100-continue\r\n\r\n");
    return connection.read_until("\r\n\r\n");
  };
  EXPECT_THAT(send_head("a-wrong-key"), StartsWith("HTTP/1.1 429 "));
  const auto invented = make_key_text().text;
  EXPECT_THAT(send_head(invented), StartsWith("HTTP/1.1 429 "));
  // The server may have to look at all keys first.
  EXPECT_TRUE(comes_true([&] { return send_head(key_).starts_with("HTTP/1.1 100 "); }));
  EXPECT_THAT(send_head(kApiKey), StartsWith("HTTP/1.1 100 "));
}

// As MicroMDM's mdmctl puts it on the wire.
TEST_F(Guessing, MicroMdmsMdmctlWorksWithAGeneratedKey) {
  const auto devices =
      call_as_mdmctl(muster().port(), "POST", "/v1/devices", R"({"page":0,"per_page":0})", key_);
  EXPECT_EQ(devices.status, 200) << devices.body;
  EXPECT_THAT(devices.body, HasSubstr("serial_number"));
  run_well("mdmctl config set -name ci -api-token " + key_ + " -server-url \"$SERVER_URL\"");
  EXPECT_THAT(run_well("mdmctl get dep-devices"), HasSubstr("SerialNumber"));
  EXPECT_THAT(run_badly("mdmctl get dep-tokens"), HasSubstr("needs the role admin"));
}

}  // namespace
}  // namespace muster::test
