#include "base/crypto/keyring.h"

#include <gmock/gmock.h>

#include <set>

namespace muster {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kFirst(64, '1'), kSecond(64, '2');
constexpr SecretPlace kPlace{"account", 17, "access_token"};

Keyring keyring(const std::vector<std::string>& texts) {
  Keyring keys;
  for (const auto& text : texts) keys.add({*MasterKey::parse(text, "a test")});
  return keys;
}

TEST(KeyringTest, OpensWhatItHasSealed) {
  const auto keys = keyring({kFirst});
  for (const std::string& secret : {std::string(), std::string("AT_1"), std::string(5000, '\0')}) {
    const auto sealed = keys.seal(kPlace, secret);
    ASSERT_TRUE(sealed);
    EXPECT_TRUE(is_sealed(*sealed));
    EXPECT_EQ(keys.open(kPlace, *sealed), secret);
  }
}

TEST(KeyringTest, SealsEachTimeAnew) {
  const auto keys = keyring({kFirst});
  std::set<std::string> sealed;
  for (int i = 0; i < 100; ++i) sealed.insert(*keys.seal(kPlace, "secret"));
  EXPECT_EQ(sealed.size(), 100U);
}

// By AES-256-GCM of another implementation: what is in databases stays readable.
TEST(KeyringTest, OpensWhatWasSealedLongAgo) {
  EXPECT_EQ(
      keyring({kFirst}).open(kPlace, "sealed1:9f8c1f50:AAECAwQFBgcICQoLcsPFdhjRUIAG9U0L9dPNiMtf/spwgnD4"),
      "a secret");
}

TEST(KeyringTest, TheFirstSealsAndAllOpen) {
  const auto by_first = *keyring({kFirst}).seal(kPlace, "secret");
  const auto both = keyring({kSecond, kFirst});
  EXPECT_EQ(both.open(kPlace, by_first), "secret");
  EXPECT_EQ(key_number_of(*both.seal(kPlace, "secret")), both.first().number());
  EXPECT_EQ(both.numbers(), keyring({kSecond}).numbers() + " " + keyring({kFirst}).numbers());
  EXPECT_EQ(keyring({kFirst, kSecond, kFirst}).keys().size(), 2U);
}

TEST(KeyringTest, NamesTheKeyThatItDoesNotHave) {
  const auto sealed = *keyring({kFirst}).seal(kPlace, "secret");
  const auto opened = keyring({kSecond}).open(kPlace, sealed);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::not_configured);
  EXPECT_THAT(opened.error().text(), HasSubstr("master key " + keyring({kFirst}).numbers()));
}

TEST(KeyringTest, OpensNothingElsewhere) {
  const auto keys = keyring({kFirst});
  const auto sealed = *keys.seal(kPlace, "secret");
  for (const SecretPlace& place :
       {SecretPlace{"account", 18, "access_token"}, SecretPlace{"account", 17, "access_secret"},
        SecretPlace{"webhook", 17, "access_token"}}) {
    const auto opened = keys.open(place, sealed);
    ASSERT_FALSE(opened) << place.text();
    EXPECT_EQ(opened.error().code, Code::internal);
    EXPECT_THAT(opened.error().text(), HasSubstr(place.text()));
  }
}

TEST(KeyringTest, OpensNothingThatWasChanged) {
  const auto keys = keyring({kFirst});
  const auto sealed = *keys.seal(kPlace, "token");  // in Base64 without bits that count for nothing
  const size_t begin = sealed.rfind(':') + 1;
  for (size_t at = begin; at < sealed.size(); ++at) {
    auto changed = sealed;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(keys.open(kPlace, changed)) << at;
  }
  for (size_t length = 0; length < sealed.size(); ++length)
    EXPECT_FALSE(keys.open(kPlace, sealed.substr(0, length))) << length;
}

TEST(KeyringTest, TellsSealedFromPlain) {
  for (const char* plain : {"", "AT_1", "sealed1:", "sealed1:12345678", "-----BEGIN PRIVATE KEY-----"}) {
    EXPECT_FALSE(is_sealed(plain)) << plain;
    EXPECT_FALSE(keyring({kFirst}).open(kPlace, plain)) << plain;
  }
}

TEST(KeyringTest, WithoutAKeySealsNothing) { EXPECT_FALSE(Keyring().seal(kPlace, "secret")); }

TEST(MasterKeyTest, IsReadFromAFileWithComments) {
  const auto keys =
      parse_master_keys("# of 2026\n" + kFirst + "  # the new one\r\n\n" + kSecond + "," + kFirst, "F");
  ASSERT_TRUE(keys) << keys.error().text();
  ASSERT_EQ(keys->size(), 3U);
  EXPECT_EQ((*keys)[1].text(), kSecond);
  EXPECT_EQ((*keys)[1].source(), "F");
}

TEST(MasterKeyTest, HasANumberThatIsNoSecret) {
  EXPECT_EQ(MasterKey::parse(kFirst, "")->number(), "9f8c1f50");
  const auto made = MasterKey::make("F");
  EXPECT_EQ(MasterKey::parse(made.text(), "")->number(), made.number());
  EXPECT_NE(MasterKey::make("F").number(), made.number());
  EXPECT_THAT(made.text(), Not(HasSubstr(made.number())));
}

TEST(MasterKeyTest, SaysHowToMakeOneWithoutShowingWhatItGot) {
  for (const std::string& text : {std::string(), std::string("# nothing"), std::string("hunter2"),
                                  kFirst + "1", kFirst.substr(1) + "g", kFirst.substr(2)}) {
    const auto keys = parse_master_keys(text, "/etc/key");
    ASSERT_FALSE(keys) << text;
    EXPECT_THAT(keys.error().text(), testing::AllOf(HasSubstr("/etc/key"), HasSubstr("openssl rand -hex 32"),
                                                    Not(HasSubstr("hunter2")), Not(HasSubstr("111"))));
  }
}

}  // namespace
}  // namespace muster
