// Releasing devices: permanent, so it is limited, recorded before Apple hears of it, and not undone by late
// rows.
#include "sync/work/disown.h"

#include <gmock/gmock.h>

#include "store/acting_store.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::serials_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kDisown = "POST /devices/disown";

class Disowning : public test::AccountFixture {
 protected:
  Result<apple::SerialAnswers> disown(const std::vector<Serial>& wanted, long long limit = 100) {
    const Actor actor{.key = "admin", .account = account_.name.str()};
    const std::string call = "POST /api/v1/disowned";
    ActingStore store(*store_, clock_, actor, call);
    const RunContext context{
        .store = store, .service = lane_.context.service, .clock = clock_, .account = account_};
    return disown_devices(context, wanted, limit);
  }
  std::vector<std::string> audited() {
    std::vector<std::string> found;
    for (const auto& entry : read([](Reader& r) { return r.audit_page(AuditQuery()); }))
      if (entry.change.action == "devices.disowned") found.push_back(entry.change.object);
    return found;
  }
};

TEST_F(Disowning, WhatAppleReleasedLeaves) {
  for (const char* serial : {"A", "B"}) add_device(serial, "pushed", "P");
  apple_.on(kDisown, test::answers("SUCCESS", {{"B", "NOT_ACCESSIBLE"}}));
  const auto answers = disown(serials_of({"B", "A", "A"}));
  ASSERT_TRUE(answers) << answers.error().text();
  EXPECT_EQ(answers->answer_for(Serial("B")).text, "NOT_ACCESSIBLE");
  ASSERT_TRUE(device("A").tombstone);
  EXPECT_EQ(device("A").tombstone->reason, Tombstone::Reason::disowned);
  EXPECT_FALSE(device("B").tombstone);
  EXPECT_THAT(audited(), ElementsAre("A B"));
  ASSERT_EQ(apple_.calls(kDisown).size(), 1u);
  EXPECT_EQ(apple_.calls(kDisown)[0].serials().size(), 2u);
}

TEST_F(Disowning, AStrangerStopsAllOfIt) {
  add_device("A");
  const auto answers = disown(serials_of({"A", "STRANGER"}));
  ASSERT_FALSE(answers);
  EXPECT_EQ(answers.error().code, Code::not_found);
  EXPECT_THAT(answers.error().message, HasSubstr("STRANGER"));
  EXPECT_THAT(apple_.calls(kDisown), IsEmpty());
  EXPECT_THAT(audited(), IsEmpty());
}

TEST_F(Disowning, OnlySoManyInADay) {
  for (const char* serial : {"A", "B", "C"}) add_device(serial);
  apple_.on(kDisown, test::answers("SUCCESS"));
  ASSERT_TRUE(disown(serials_of({"A", "B"}), 2));
  const auto third = disown(serials_of({"C"}), 2);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, Code::conflict);
  EXPECT_THAT(third.error().text(), HasSubstr("0 of 2 in 24 hours are left"));
  EXPECT_FALSE(device("C").tombstone);
  clock_.advance(24h + 1s);
  EXPECT_TRUE(disown(serials_of({"C"}), 2));
}

TEST_F(Disowning, ALostAnswerIsCountedAndSaysWhatMayBe) {
  add_device("A");
  apple_.on(kDisown, test::answer_lost());
  const auto answers = disown(serials_of({"A"}), 1);
  ASSERT_FALSE(answers);
  EXPECT_THAT(answers.error().hint, HasSubstr("may have been released nevertheless"));
  EXPECT_FALSE(device("A").tombstone) << "a list tells";
  EXPECT_THAT(audited(), ElementsAre("A"));
  EXPECT_FALSE(disown(serials_of({"A"}), 1));
}

TEST_F(Disowning, ThePreviewSaysHowManyAreLeft) {
  add_device("A");
  add_device("B");
  apple_.on(kDisown, test::answers("SUCCESS"));
  ASSERT_TRUE(disown(serials_of({"B"})));
  const auto present =
      read([&](Reader& r) { return preview_disowning(r, account_, serials_of({"A"}), clock_.now()); });
  EXPECT_EQ(present.devices.size(), 1u);
  EXPECT_EQ(present.today, 1);
}

}  // namespace
}  // namespace muster::sync
