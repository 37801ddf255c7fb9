// What a store promises of Store::try_out().
#include <gmock/gmock.h>

#include <thread>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using testing::SizeIs;

// What is tried out is seen where it is tried out, and nowhere else; and what is written meanwhile, is.
TEST_P(StoreContract, NothingWaitsForWhatIsTriedOutNorIsThere) {
  const auto account = make_account();
  const auto device = make_device(account, "S");
  Rule rule{.account = account, .filter = "*", .profile = ProfileUuid("OLD"), .created_at = kNow};
  SerialList list{.account = account, .name = "lab", .updated_at = kNow};
  write([&](Writer& w) -> Result<> {
    rule.id = {};
    list.id = {};
    MUSTER_TRY(w.put_rule(rule));
    MUSTER_TRY(w.put_serial_list(list));
    return w.put_note(account, Serial("S"), {.group = "4a"});
  });
  const auto in_list = [](const char* name) {
    return FilterExpression{.kind = FilterExpression::Kind::in_list, .list = name};
  };
  const auto revision = store().revision();

  const auto tried = store().try_out([&](Writer& w) -> Result<std::string> {
    Rule changed = rule;
    changed.profile = ProfileUuid("NEW");
    MUSTER_TRY(w.put_rule(changed));
    Rule another{.account = account, .filter = "serial = S", .profile = ProfileUuid("P")};
    MUSTER_TRY(w.put_rule(another));
    EXPECT_NE(another.id, rule.id);
    MUSTER_TRY(w.add_to_list(list.id, Serial("S")));
    MUSTER_TRY(w.put_note(account, Serial("S"), {.group = "4b"}));
    MUSTER_TRY(
        w.put_profile({.account = account, .uuid = ProfileUuid("NEW"), .name = "Lab", .document = "{}"}));
    MUSTER_TRY(w.set_current_profile(account, "Lab", ProfileUuid("NEW")));
    MUSTER_TRY(w.put_profile_moves(account, {{ProfileUuid("OLD"), ProfileUuid("NEW")}}));

    std::thread other([&] { make_assignment(device, "OLD", kNow); });
    other.join();
    MUSTER_TRY(const auto assignment, w.assignment(device.id));
    EXPECT_FALSE(assignment);  // the view is of before

    const auto noted = FilterExpression{.kind = FilterExpression::Kind::compare,
                                        .field = FilterField::note_group,
                                        .op = FilterOperator::equal,
                                        .values = {std::string("4b")}};
    const auto listed = in_list("lab");
    for (const auto& filter : {noted, listed}) {
      MUSTER_TRY(const auto covered, w.device_count(account, filter));
      EXPECT_EQ(covered, 1);
    }
    MUSTER_TRY(const auto moves, w.profile_moves(account));
    EXPECT_EQ(moves.size(), 1U);
    MUSTER_TRY(const auto current, w.current_profile(account, "Lab"));
    EXPECT_TRUE(current);
    MUSTER_TRY(const auto rules, w.rules(account));
    EXPECT_EQ(rules.size(), 2U);
    return rules.at(0).profile.str();
  });
  ASSERT_TRUE(tried) << tried.error().text();
  EXPECT_EQ(*tried, "NEW");

  EXPECT_TRUE(read([&](Reader& r) { return r.assignment(device.id); }));
  EXPECT_EQ(store().revision(), revision + 1);  // by the assignment
  const auto rules = read([&](Reader& r) { return r.rules(account); });
  ASSERT_THAT(rules, SizeIs(1));
  EXPECT_EQ(rules[0].profile, ProfileUuid("OLD"));
  EXPECT_EQ(read([&](Reader& r) { return r.device_count(account, in_list("lab")); }), 0);
  EXPECT_FALSE(read([&](Reader& r) { return r.current_profile(account, "Lab"); }));
  EXPECT_FALSE(store().try_out([&](Writer& w) { return w.put_paused(account, true); }));
}

}  // namespace
}  // namespace muster::test
