#include "filter/read.h"

#include <gmock/gmock.h>

#include "filter/text.h"

namespace muster::assign {
namespace {

using testing::ElementsAre;

Device mac() {
  Device device;
  device.serial = Serial("C02XW0AAJG5J");
  device.facts.model = "MacBook Pro 13\"";
  device.facts.description = "MBP 13.3 SPACE GRAY/2.0GHZ";
  device.facts.color = "SPACE GRAY";
  device.facts.asset_tag = "SCH-12";
  device.facts.family = "Mac";
  device.facts.os = "OSX";
  device.facts.assigned_by = "admin@example.com";
  device.facts.assigned_at = from_millis(1'772'355'600'000);  // 2026-03-01T09:00:00Z
  device.facts.profile_status = "assigned";
  device.facts.profile_uuid = ProfileUuid("C1F1");
  return device;
}

const AccountName kSchool{"school"};

bool covers(const std::string& text, const Device& device, const Note* note = nullptr,
            const std::set<std::string>* lists = nullptr) {
  const auto filter = Filter::parse(text);
  EXPECT_TRUE(filter) << text << ": " << filter.error().text();
  return filter && filter->matches({.device = device, .account = kSchool, .note = note, .lists = lists});
}
bool covers(const std::string& text) { return covers(text, mac()); }

TEST(Filter, TheStarIsEveryDevice) {
  EXPECT_TRUE(covers("*"));
  EXPECT_TRUE(covers("*", Device{}));
  EXPECT_EQ(Filter::parse("*")->expression(), FilterExpression{});
}

TEST(Filter, ComparesTextWithoutRegardToCase) {
  EXPECT_TRUE(covers("family = mac"));
  EXPECT_TRUE(covers("FAMILY=MAC"));
  EXPECT_FALSE(covers("family = iPad"));
  EXPECT_TRUE(covers("family != iPad"));
  EXPECT_TRUE(covers("color = \"space gray\""));
  EXPECT_TRUE(covers(R"(model = "MacBook Pro 13\"")"));
  EXPECT_TRUE(covers("model = 'MacBook Pro 13\"'"));
  EXPECT_TRUE(covers("serial > C01 and serial < D and serial >= c02xw0aajg5j and serial <= C02XW0AAJG5J"));
}

TEST(Filter, TakesSerialsAndUuidsInAnyForm) {
  Device device = mac();
  device.facts.profile_uuid = ProfileUuid("88FC4E378FEC3FF9C0B0C4B1A1C4E0DB");
  for (const char* text :
       {"serial = ' c02xw0aajg5j '", "serial in ('\u00A0c02xw0aajg5j', B)",
        "profile = 88fc4e37-8fec-3ff9-c0b0-c4b1a1c4e0db", "profile = 88fc4e378fec3ff9c0b0c4b1a1c4e0db",
        "not profile != '88FC4E37-8FEC-3FF9-C0B0-C4B1A1C4E0DB '"})
    EXPECT_TRUE(covers(text, device)) << text;
  EXPECT_EQ(to_text(Filter::parse("serial = c02x")->expression()), "serial = c02x");
}

TEST(Filter, AsksForEachField) {
  const Note note{.name = "Cart 3", .owner = "Ada", .group = "4b", .asset_tag = "N-1"};
  for (const char* text :
       {"serial = C02XW0AAJG5J", "model ~ macbook*", "description ~ *2.0ghz", "color ~ *gray",
        "asset_tag ~ SCH-??", "family = Mac", "os = OSX", "assigned_by = admin@example.com",
        "assigned_at > 2026-03-01", "status = assigned", "profile = c1f1", "account = school",
        "not migrating", "replacement = no", "note.name = \"cart 3\"", "note.owner = Ada", "note.group = 4b",
        "note.asset_tag ~ N*"}) {
    EXPECT_TRUE(covers(text, mac(), &note)) << text;
    EXPECT_FALSE(covers("not (" + std::string(text) + ")", mac(), &note)) << text;
  }
}

TEST(Filter, AGlobIsTheWholeText) {
  EXPECT_FALSE(covers("model ~ MacBook"));
  EXPECT_TRUE(covers("model ~ MacBook*"));
  EXPECT_TRUE(covers("model !~ MacBook"));
}

TEST(Filter, AStatusThatIsMissingIsEmpty) {
  EXPECT_TRUE(covers("status = empty", Device{}));
  EXPECT_TRUE(covers("status = \"\"", Device{}));
  EXPECT_TRUE(covers("status in (removed, empty)", Device{}));
  EXPECT_FALSE(covers("status = removed", Device{}));
}

TEST(Filter, ATimeThatIsMissingIsOnlyUnequal) {
  for (const char* text :
       {"assigned_at = 2026-01-01", "assigned_at < 2026-01-01", "assigned_at <= 2026-01-01",
        "assigned_at > 2026-01-01", "assigned_at >= 2026-01-01", "assigned_at in (2026-01-01)"})
    EXPECT_FALSE(covers(text, Device{})) << text;
  EXPECT_TRUE(covers("assigned_at != 2026-01-01", Device{}));
  EXPECT_TRUE(covers("assigned_at not in (2026-01-01)", Device{}));
}

TEST(Filter, ADayIsItsMidnightUtc) {
  EXPECT_TRUE(covers("assigned_at > 2026-03-01 and assigned_at < 2026-03-02"));
  EXPECT_TRUE(covers("assigned_at = 2026-03-01T09:00:00Z"));
  EXPECT_TRUE(covers("assigned_at = 2026-03-01T10:00:00+01:00"));
  EXPECT_TRUE(covers("assigned_at >= \"2026-03-01 09:00:00\""));
}

TEST(Filter, FlagsStandAloneOrAreCompared) {
  Device moving = mac();
  moving.facts.other = R"({"mdm_migration_deadline":"2026-06-01T00:00:00Z","is_replacement_device":true})";
  for (const char* text :
       {"migrating", "migrating = true", "migrating != false", "Migrating = YES", "replacement"}) {
    EXPECT_TRUE(covers(text, moving)) << text;
    EXPECT_FALSE(covers(text, mac())) << text;
  }
  EXPECT_TRUE(covers("not migrating and replacement = no"));
}

TEST(Filter, AsksLists) {
  const std::set<std::string> lists = {"lab"};
  EXPECT_TRUE(covers("serial in @lab", mac(), nullptr, &lists));
  EXPECT_FALSE(covers("serial in @office", mac(), nullptr, &lists));
  EXPECT_FALSE(covers("serial in @lab"));
  EXPECT_TRUE(covers("serial not in @lab"));
}

TEST(Filter, NotBindsCloserThanAndAndAndCloserThanOr) {
  EXPECT_TRUE(covers("family = Mac or family = iPad and os = tvOS"));
  EXPECT_FALSE(covers("(family = Mac or family = iPad) and os = tvOS"));
  EXPECT_TRUE(covers("not family = iPad and os = OSX"));
  EXPECT_FALSE(covers("not (family = iPad or os = OSX)"));
  EXPECT_TRUE(covers("NOT NOT family = Mac"));
  EXPECT_TRUE(covers("os in (iOS, iPadOS) or os IN(OSX)"));
  EXPECT_TRUE(covers("os not in (iOS, iPadOS)"));
}

TEST(Filter, TellsWhatItNeeds) {
  const auto filter = *Filter::parse("serial in @lab or not (serial not in @b.2 and note.group = x)");
  EXPECT_THAT(filter.lists(), ElementsAre("b.2", "lab"));
  EXPECT_TRUE(filter.uses_notes());
  EXPECT_FALSE(Filter::parse("serial in @lab or asset_tag in (note.group)")->uses_notes());
  EXPECT_TRUE(Filter::parse("note.name in (a, b)")->uses_notes());
}

TEST(FilterText, IsReadAsTheSame) {
  for (const char* text :
       {"*", "family = iPad", "family in (iPad, Mac)", "os not in (iOS)", "serial not in @lab",
        "migrating = false", "not migrating", "model = \"a \\\"b\\\" \\\\c\"", "model = \"and\"",
        "model = \"*\"", "model ~ \"Mac*\"", "asset_tag = \"\"",
        "family = Mac or os = iOS and not (color = red or color = blue)",
        "(family = Mac or os = iOS) and (color = red and color = blue)", "not not replacement",
        "assigned_at >= 2026-01-01T00:00:00Z", "assigned_at < 2026-01-01T00:00:00.123Z"}) {
    const auto filter = Filter::parse(text);
    ASSERT_TRUE(filter) << filter.error().text();
    EXPECT_EQ(to_text(filter->expression()), text);
  }
}

TEST(FilterText, DropsWhatIsNotNeeded) {
  EXPECT_EQ(to_text(Filter::parse("((FAMILY=  \"iPad\"))and(not(OS in(iOS)))")->expression()),
            "family = iPad and os not in (iOS)");
  EXPECT_EQ(to_text(Filter::parse("status = ''")->expression()), "status = empty");
}

}  // namespace
}  // namespace muster::assign
