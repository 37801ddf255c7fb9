#include "api/access/sessions.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace muster::api {
namespace {

using namespace std::chrono_literals;

const ApiKey kFlagKey{.name = "-api-key"};
const ApiKey kKey{.name = "ci", .id = KeyId("4fQz81LmPa")};

}  // namespace

TEST(Sessions, AreKnownToAllServersWithTheSameKey) {
  Sessions here("change-me-please"), there("change-me-please");
  for (const auto& key : {kFlagKey, kKey}) {
    const auto session = here.open(key, "digest", kNow);
    EXPECT_EQ(session.expires_at, kNow + 12h);
    const auto read = Sessions::read(session.text, kNow);
    ASSERT_TRUE(read) << session.text;
    EXPECT_EQ(*read, session);
    EXPECT_TRUE(there.is_genuine(*read, "digest"));
  }
}

TEST(Sessions, AreNothingWithoutTheSecretOrTheKey) {
  Sessions sessions("change-me-please"), others("change-me-too");
  const auto session = sessions.open(kKey, "digest", kNow);
  EXPECT_FALSE(others.is_genuine(session, "digest"));
  EXPECT_FALSE(sessions.is_genuine(session, "digest of a new text"));
}

TEST(Sessions, CannotBeChanged) {
  Sessions sessions("change-me-please");
  const auto session = sessions.open(kKey, "digest", kNow);
  for (size_t i = 0; i < session.text.size(); ++i) {
    auto text = session.text;
    text[i] = text[i] == '1' ? '2' : '1';
    const auto read = Sessions::read(text, kNow);
    EXPECT_FALSE(read && sessions.is_genuine(*read, "digest")) << text;
  }
}

TEST(Sessions, EndInTime) {
  Sessions sessions("change-me-please");
  const auto session = sessions.open(kKey, "digest", kNow);
  EXPECT_TRUE(Sessions::read(session.text, kNow + 12h - 1ms));
  EXPECT_FALSE(Sessions::read(session.text, kNow + 12h));
  auto short_lived = kKey;
  short_lived.expires_at = kNow + 1h;
  EXPECT_EQ(sessions.open(short_lived, "digest", kNow).expires_at, kNow + 1h);
}

TEST(Sessions, AreReadFromNothingElse) {
  const std::string signature(64, 'a'), random(32, 'b');
  EXPECT_TRUE(Sessions::read("k.9999999999999." + random + "." + signature, kNow));
  for (const auto& text :
       {std::string(), std::string("."), std::string("..."), "k.9999999999999." + random,
        "k.x." + random + "." + signature, ".9999999999999." + random + "." + signature,
        "k.99999999999999999999999." + random + "." + signature,
        "k.9999999999999." + random + "." + signature + ".", "k.9999999999999.b." + signature})
    EXPECT_FALSE(Sessions::read(text, kNow)) << text;
}

}  // namespace muster::api
