// A profile that Apple does not know is one mark, however many devices wait for it.
#include "sync/work/profile_trouble.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

const ProfileUuid kLost("LOST"), kOther("OTHER");

class ProfileTroubles : public test::AccountFixture {
 protected:
  void is_unknown(const ProfileUuid& profile = kLost, const std::string& word = "NOT_FOUND") {
    write([&](Writer& w) { return profile_is_unknown(w, account_.id, profile, word, clock_.now()); });
  }
  void is_known(const ProfileUuid& profile = kLost) {
    write([&](Writer& w) { return profile_is_known(w, account_.id, profile); });
  }
  std::map<ProfileUuid, ProfileTrouble> troubles() {
    return read([&](Reader& r) { return r.profile_troubles(account_.id); });
  }
  std::vector<std::string> broken() {
    std::vector<std::string> words;
    for (const auto& rule : read([&](Reader& r) { return r.rules(account_.id); }))
      words.push_back(rule.broken);
    return words;
  }
  std::vector<ProfileUuid> probes() {
    std::vector<ProfileUuid> profiles;
    for (const auto& probe : read([&](Reader& r) { return profiles_to_probe(r, account_.id, clock_.now()); }))
      profiles.push_back(probe.profile);
    return profiles;
  }
  BlockedProfiles blocked() {
    return read([&](Reader& r) { return blocked_profiles(r, account_.id, clock_.now()); });
  }
};

TEST_F(ProfileTroubles, MarksTheRulesThatGiveItAndNoOthers) {
  add_rule({.filter = "serial = A", .priority = 1, .profile = kLost});
  add_rule({.filter = "serial = B", .priority = 2, .profile = kOther});
  add_rule({.filter = "serial = C", .priority = 3, .profile = kLost});
  is_unknown();
  EXPECT_THAT(broken(), ElementsAre("NOT_FOUND", "", "NOT_FOUND"));
  is_known();
  EXPECT_THAT(broken(), ElementsAre("", "", ""));
}

TEST_F(ProfileTroubles, MarksTheRegistryToo) {
  write([&](Writer& w) {
    return w.put_profile({.account = account_.id, .uuid = kLost, .name = "Lab", .document = "{}"});
  });
  const auto mark = [&] {
    return read([&](Reader& r) { return r.profile(account_.id, kLost); })->unknown_at_apple;
  };
  is_unknown();
  EXPECT_EQ(mark(), "NOT_FOUND");
  is_known();
  EXPECT_EQ(mark(), "");
}

TEST_F(ProfileTroubles, NothingIsSentForItForAWhileThatDoubles) {
  is_unknown();
  EXPECT_EQ(troubles().at(kLost).retry_at, clock_.now() + 15min);
  const Time since = clock_.now();
  clock_.advance(15min);
  is_unknown(kLost, "PROFILE_NOT_FOUND");
  const auto trouble = troubles().at(kLost);
  EXPECT_EQ(trouble.retry_at, clock_.now() + 30min);
  EXPECT_EQ(trouble.failures, 2);
  EXPECT_EQ(trouble.since, since);
  EXPECT_EQ(trouble.word, "PROFILE_NOT_FOUND");
}

TEST_F(ProfileTroubles, WaitsADayAtMost) {
  for (int i = 0; i < 20; ++i) is_unknown();
  EXPECT_EQ(troubles().at(kLost).retry_at, clock_.now() + 24h);
}

TEST_F(ProfileTroubles, IsBlockedUntilItIsToBeAskedFor) {
  EXPECT_THAT(blocked().profiles, IsEmpty());
  EXPECT_FALSE(blocked().until);
  is_unknown();
  clock_.advance(5min);
  is_unknown(kOther);
  EXPECT_THAT(blocked().profiles, ElementsAre(kLost, kOther));
  EXPECT_EQ(blocked().until, clock_.now() + 10min) << "the first of the two";
  EXPECT_THAT(probes(), IsEmpty());
  clock_.advance(10min);
  EXPECT_THAT(blocked().profiles, ElementsAre(kOther));
  EXPECT_THAT(probes(), ElementsAre(kLost));
}

TEST_F(ProfileTroubles, OfAProfileThatAppleWasNeverAskedAboutSuspendsNothing) {
  write([&](Writer& w) { return profile_is_unchecked(w, account_.id, kLost, clock_.now()); });
  EXPECT_THAT(probes(), ElementsAre(kLost));
  EXPECT_THAT(blocked().profiles, IsEmpty());
  EXPECT_THAT(broken(), Each(""));
  is_unknown();
  EXPECT_THAT(blocked().profiles, ElementsAre(kLost));
}

TEST_F(ProfileTroubles, AreAskedAboutLaterWhereAppleDoesNotSay) {
  write([&](Writer& w) { return profile_is_unchecked(w, account_.id, kOther, clock_.now()); });
  is_unknown();
  clock_.advance(15min);
  const std::vector<ProfileProbe> both = {{kLost, false}, {kOther, true}};
  ASSERT_THAT(probes(), ElementsAre(kLost, kOther));
  write([&](Writer& w) { return probes_failed(w, account_.id, both, clock_.now()); });
  EXPECT_THAT(probes(), IsEmpty());
  EXPECT_THAT(blocked().profiles, ElementsAre(kLost)) << "the other one is sent: Apple may well know it";
  EXPECT_LE(blocked().until, clock_.now() + 5s);
}

TEST_F(ProfileTroubles, EndsWithAppleKnowingTheProfileAgain) {
  is_unknown();
  is_known();
  EXPECT_THAT(troubles(), IsEmpty());
  EXPECT_THAT(blocked().profiles, IsEmpty());
}

TEST_F(ProfileTroubles, ARuleThatIsBrokenOtherwiseIsNotMendedByAProfileWithoutTrouble) {
  auto rule = add_rule({.filter = "*", .profile = kLost});
  rule.broken = "of another reason";
  write([&](Writer& w) { return w.put_rule(rule); });
  is_known();
  EXPECT_THAT(broken(), ElementsAre("of another reason"));
}

TEST_F(ProfileTroubles, NothingIsWrittenWhereNoProfileHadAny) {
  is_unknown();
  const auto revision = store_->revision();
  ASSERT_TRUE(profiles_are_known(*store_, account_.id, {kOther}));
  ASSERT_TRUE(profiles_are_known(*store_, account_.id, {}));
  if (!test::tests_on_postgres()) {
    EXPECT_EQ(store_->revision(), revision);
  }
  EXPECT_TRUE(troubles().contains(kLost));
  ASSERT_TRUE(profiles_are_known(*store_, account_.id, {kLost, kOther}));
  EXPECT_THAT(troubles(), IsEmpty());
}

TEST_F(ProfileTroubles, AreAnAccountsOwn) {
  const auto other = write([](Writer& w) { return w.create_account(AccountName("other")); });
  is_unknown();
  EXPECT_TRUE(read([&](Reader& r) { return r.profile_troubles(other); }).empty());
}

}  // namespace
}  // namespace muster::sync
