// The profiles that were defined through Muster, as versions of their names.
#include "sync/profiles/registry.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Registry : public test::AccountFixture {
 protected:
  void define(const std::string& name, int version, const std::string& uuid, bool is_current = true) {
    write([&](Writer& w) -> Result<> {
      MUSTER_TRY(w.put_profile({.account = account_.id,
                                .uuid = ProfileUuid(uuid),
                                .name = name,
                                .version = version,
                                .document = "{}"}));
      return is_current ? w.set_current_profile(account_.id, name, ProfileUuid(uuid)) : Result<>();
    });
  }
  Result<std::vector<RegistryEntry>> entries(const std::optional<std::string>& name = {}) {
    return store_->read([&](Reader& r) { return registry_of(r, account_.id, name); });
  }
  std::vector<std::string> uuids(const std::optional<std::string>& name = {}) {
    std::vector<std::string> all;
    for (const auto& entry : test::must(entries(name)))
      all.push_back(entry.profile.uuid.str() + (entry.is_current ? " current" : ""));
    return all;
  }
  Result<Rollback> roll(const std::string& name, std::optional<int> version = {}, RuleChange how = {}) {
    how.now = clock_.now();
    return roll_back(*store_, account_, name, version, how);
  }
  Code refused(const std::string& name, std::optional<int> version = {}) {
    const auto rolled = roll(name, version);
    return rolled ? Code::internal : rolled.error().code;
  }
  std::string current(const std::string& name) {
    const auto profile = read([&](Reader& r) { return r.current_profile(account_.id, name); });
    return profile ? profile->uuid.str() : "";
  }
  Rule rule() {
    return read([&](Reader& r) { return r.rules(account_.id); }).at(0);
  }
};

TEST_F(Registry, IsEmptyAtFirst) {
  EXPECT_THAT(uuids(), IsEmpty());
  const auto named = entries("Lab");
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, Code::not_found);
  EXPECT_THAT(named.error().message, HasSubstr("\"Lab\""));
}

TEST_F(Registry, ListsVersionsInOrderOfNameAndVersion) {
  define("Lab", 2, "L2", false);
  define("Lab", 1, "L1");
  define("Carts", 1, "C1");
  EXPECT_THAT(uuids(), ElementsAre("C1 current", "L1 current", "L2"));
  EXPECT_THAT(uuids("Lab"), ElementsAre("L1 current", "L2"));
}

TEST_F(Registry, TellsDevicesAndRulesOfAVersion) {
  define("Lab", 1, "L1");
  define("Lab", 2, "L2");
  add_device("A", "pushed", "L1");
  add_device("B", "assigned", "L1");
  add_device("C", "empty", "L1");
  add_rule({.filter = "serial = A", .name = "old", .profile = ProfileUuid("L1")});
  add_rule({.filter = "*", .profile_name = "Lab"});
  const auto found = *entries();
  EXPECT_EQ(found[0].devices, 2) << "only those that have it, as Apple says";
  EXPECT_THAT(found[0].rules, ElementsAre("'old'"));
  EXPECT_EQ(found[1].devices, 0);
  EXPECT_THAT(found[1].rules, ElementsAre("filter '*'"));
  EXPECT_EQ(read([&](Reader& r) { return devices_with(r, account_.id, ProfileUuid("L1")); }), 2);
  EXPECT_EQ(read([&](Reader& r) { return devices_with(r, account_.id, ProfileUuid("NONE")); }), 0);
}

TEST_F(Registry, ANameIsFollowedByRulesThatNameIt) {
  const auto followed = [&](const std::string& name) {
    return read([&](Reader& r) { return is_followed(r, account_.id, name); });
  };
  define("Lab", 1, "L1");
  add_rule({.filter = "serial = A", .profile = ProfileUuid("L1")});
  EXPECT_FALSE(followed("Lab")) << "a fixed UUID follows no name";
  EXPECT_FALSE(followed(""));
  add_rule({.filter = "*", .profile_name = "Lab"});
  EXPECT_TRUE(followed("Lab"));
}

TEST_F(Registry, ACurrentVersionIsWhatFollowingRulesGive) {
  define("Lab", 1, "L1");
  add_rule({.filter = "*", .profile_name = "Lab"});
  define("Lab", 2, "L2", false);
  const auto profile = read([&](Reader& r) { return r.profile(account_.id, ProfileUuid("L2")); });
  EXPECT_EQ(write([&](Writer& w) { return make_current(w, *profile, clock_.now()); }), 1);
  EXPECT_EQ(current("Lab"), "L2");
  EXPECT_EQ(rule().profile, ProfileUuid("L2"));
  EXPECT_EQ(rule().version, 2);
  EXPECT_EQ(write([&](Writer& w) { return make_current(w, *profile, clock_.now()); }), 0) << "once more";
}

TEST_F(Registry, RollsBackToTheVersionBeforeTheCurrentOne) {
  define("Lab", 2, "L2", false);
  define("Lab", 1, "L1", false);
  define("Lab", 3, "L3");
  add_device("A", "pushed", "L3");
  add_rule({.filter = "*", .profile_name = "Lab"});
  const auto rolled = roll("Lab");
  ASSERT_TRUE(rolled) << rolled.error().text();
  EXPECT_EQ(rolled->profile.uuid, ProfileUuid("L2"));
  EXPECT_EQ(rolled->before.uuid, ProfileUuid("L3"));
  EXPECT_EQ(rolled->rules, 1);
  EXPECT_EQ(rolled->devices_before, 1);
  EXPECT_TRUE(rolled->outcome.applied);
  EXPECT_EQ(current("Lab"), "L2");
  EXPECT_EQ(rule().profile, ProfileUuid("L2"));
}

TEST_F(Registry, RollsToAVersionThatIsNamedAlsoForward) {
  define("Lab", 1, "L1");
  define("Lab", 2, "L2", false);
  ASSERT_TRUE(roll("Lab", 2));
  EXPECT_EQ(current("Lab"), "L2");
}

TEST_F(Registry, DevicesKeepWhatTheyHaveUnlessARuleOfScopeAllFollows) {
  define("Lab", 1, "L1", false);
  define("Lab", 2, "L2");
  add_device("A", "pushed", "L2");
  add_rule({.filter = "*", .scope = Rule::Scope::unassigned, .profile_name = "Lab"});
  EXPECT_EQ(roll("Lab", {}, {.preview = true})->outcome.plan.changes, 0);
  add_rule({.filter = "*", .scope = Rule::Scope::all});
  EXPECT_EQ(roll("Lab", {}, {.preview = true})->outcome.plan.changes, 1);
}

TEST_F(Registry, APreviewOfARollbackLeavesAllAsItWas) {
  define("Lab", 1, "L1", false);
  define("Lab", 2, "L2");
  add_rule({.filter = "*", .profile_name = "Lab"});
  const auto rolled = roll("Lab", {}, {.preview = true});
  ASSERT_TRUE(rolled);
  EXPECT_FALSE(rolled->outcome.applied);
  EXPECT_EQ(rolled->profile.uuid, ProfileUuid("L1"));
  EXPECT_EQ(current("Lab"), "L2");
  EXPECT_EQ(rule().profile, ProfileUuid("L2"));
}

// A pass that is due for other rules is not by this.
TEST_F(Registry, ARollbackThatNoRuleFollowsIsNotRefusedForWhatOtherRulesChange) {
  define("Lab", 1, "L1", false);
  define("Lab", 2, "L2");
  add_device("A");
  add_rule({.filter = "*", .scope = Rule::Scope::all, .profile = ProfileUuid("OTHER")});
  const auto rolled = roll("Lab", {}, {.max_changes = 0});
  ASSERT_TRUE(rolled);
  EXPECT_TRUE(rolled->outcome.applied);
  EXPECT_EQ(rolled->outcome.plan.changes, 0);
}

TEST_F(Registry, MoreChangesThanAgreedToRefuseARollback) {
  define("Lab", 1, "L1", false);
  define("Lab", 2, "L2");
  add_device("A", "pushed", "L2");
  add_rule({.filter = "*", .scope = Rule::Scope::all, .profile_name = "Lab"});
  const auto rolled = roll("Lab", {}, {.max_changes = 0});
  ASSERT_TRUE(rolled);
  EXPECT_FALSE(rolled->outcome.applied);
  EXPECT_EQ(current("Lab"), "L2");
}

TEST_F(Registry, WhatCannotBeRolledBackIsRefused) {
  EXPECT_EQ(refused("Lab"), Code::not_found);
  define("Lab", 1, "L1");
  EXPECT_EQ(refused("Lab"), Code::conflict) << "there is none before it";
  EXPECT_EQ(refused("Lab", 1), Code::conflict) << "it is the current one";
  EXPECT_EQ(refused("Lab", 7), Code::not_found);
  define("Lab", 2, "L2");
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(auto lost, w.profile(account_.id, ProfileUuid("L1")));
    lost->unknown_at_apple = "NOT_FOUND";
    return w.put_profile(*lost);
  });
  EXPECT_EQ(refused("Lab"), Code::conflict) << "Apple does not know it any more";
  EXPECT_EQ(current("Lab"), "L2");
}

TEST_F(Registry, ARollbackForAnotherRevisionIsRefused) {
  define("Lab", 1, "L1", false);
  define("Lab", 2, "L2");
  const auto revision = read([&](Reader& r) { return r.config_revision(account_.id); });
  const auto rolled = roll("Lab", {}, {.revision = revision + 1});
  ASSERT_FALSE(rolled);
  EXPECT_EQ(rolled.error().code, Code::conflict);
  EXPECT_TRUE(roll("Lab", {}, {.revision = revision}));
}

}  // namespace
}  // namespace muster::sync
