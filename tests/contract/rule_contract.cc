// The store's contract for rules, and for how devices stand to them.
#include <gmock/gmock.h>

#include <map>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

}  // namespace

TEST_P(StoreContract, RulesAreSavedReplacedAndRemoved) {
  const auto account = make_account();
  Rule star{.account = account,
            .filter = "*",
            .profile = ProfileUuid("U1"),
            .created_at = kNow,
            .updated_at = kNow};
  write([&](Writer& w) { return put_new(w, star); });
  EXPECT_NE(star.id, RuleId{});
  star.profile = ProfileUuid("U2");
  star.broken = "PROFILE_NOT_FOUND";
  write([&](Writer& w) { return w.put_rule(star); });
  reopen();
  EXPECT_THAT(read([&](Reader& r) { return r.rules(account); }), ElementsAre(star));

  const auto remove = [&] {
    return *store().write(installation, [&](Writer& w) { return w.remove_rule(star.id); });
  };
  EXPECT_TRUE(remove());
  EXPECT_FALSE(remove());
  EXPECT_THAT(read([&](Reader& r) { return r.rules(account); }), IsEmpty());
}

TEST_P(StoreContract, RulesAreInTheOrderOfPriorityAndThenAge) {
  const auto account = make_account();
  for (const auto& [filter, priority] : {std::pair("*", 1'000'000), {"b", 100}, {"a", 100}, {"c", 1}}) {
    Rule rule{.account = account, .filter = filter, .priority = priority, .profile = ProfileUuid("U")};
    write([&](Writer& w) { return put_new(w, rule); });
  }
  std::vector<std::string> order;
  for (const auto& rule : read([&](Reader& r) { return r.rules(account); })) order.push_back(rule.filter);
  EXPECT_THAT(order, ElementsAre("c", "b", "a", "*"));
}

TEST_P(StoreContract, ARuleIsKeptWithAllItsParts) {
  const auto account = make_account();
  Rule rule{.account = account,
            .name = "lab",
            .filter = "family = iPad",
            .priority = 7,
            .scope = Rule::Scope::all,
            .profile = ProfileUuid("U"),
            .profile_name = "Lab",
            .version = 3,
            .created_at = kNow,
            .updated_at = kNow};
  write([&](Writer& w) { return put_new(w, rule); });
  rule.filter = "family = Mac";
  rule.name.clear();
  rule.version = 4;
  write([&](Writer& w) { return w.put_rule(rule); });
  EXPECT_THAT(read([&](Reader& r) { return r.rules(account); }), ElementsAre(rule));
}

TEST_P(StoreContract, ABackfillIsKeptUntilItIsNone) {
  const auto account = make_account();
  EXPECT_EQ(read([&](Reader& r) { return r.backfill(account); }), Backfill{});
  Backfill backfill{Backfill::State::running, DeviceId{5}, 1000, 17, kNow};
  write([&](Writer& w) { return w.put_backfill(account, backfill); });
  reopen();
  EXPECT_EQ(read([&](Reader& r) { return r.backfill(account); }), backfill);
  const ProfileMoves moves{{ProfileUuid("OLD"), ProfileUuid("NEW")}};
  write([&](Writer& w) { return w.put_profile_moves(account, moves); });
  EXPECT_EQ(read([&](Reader& r) { return r.profile_moves(account); }), moves);
  write([&](Writer& w) { return w.put_profile_moves(account, {}); });
  EXPECT_TRUE(read([&](Reader& r) { return r.profile_moves(account); }).empty());
  write([&](Writer& w) { return w.put_backfill(account, {}); });
  EXPECT_EQ(read([&](Reader& r) { return r.backfill(account); }), Backfill{});
}

// Over three devices: one that only an unreadable filter covers, one that waits, one that is gone.
TEST_P(StoreContract, StandingsSayWhichFilterIsFirst) {
  const auto account = make_account();
  auto pad = make_device(account, "PAD"), mac = make_device(account, "MAC"),
       gone = make_device(account, "GONE");
  pad.facts.family = "iPad";
  pad.facts.profile_status = "assigned";
  pad.facts.profile_uuid = ProfileUuid("HAS");
  pad.desired = {Desired::By::rule, ProfileUuid("WANTS"), RuleId{4}, kNow};
  gone.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
  for (const auto& device : {pad, gone}) write([&](Writer& w) { return w.update_device(device); });
  make_assignment(pad, "WANTS", kNow);

  FilterExpression is_pad{.kind = FilterExpression::Kind::compare,
                          .field = FilterField::family,
                          .op = FilterOperator::equal,
                          .values = {std::string("ipad")}};
  const std::vector<const FilterExpression*> filters{&is_pad, nullptr};  // the second one cannot be read
  const Standing of_pad{pad.id, pad.serial, pad.desired, "assigned", ProfileUuid("HAS"), true, 0};
  const Standing of_mac{mac.id, mac.serial, mac.desired, mac.facts.profile_status, mac.facts.profile_uuid,
                        false,  1};
  StandingQuery query{.account = account, .filters = {&is_pad}, .limit = 10};
  Standing uncovered = of_mac;
  uncovered.rule = -1;
  EXPECT_THAT(read([&](Reader& r) { return r.standings(query); }).standings, ElementsAre(of_pad, uncovered));
  query.filters = filters;
  EXPECT_THAT(read([&](Reader& r) { return r.standings(query); }).standings, ElementsAre(of_pad, of_mac));
  query.limit = 1;
  EXPECT_THAT(read([&](Reader& r) { return r.standings(query); }).standings, ElementsAre(of_pad));
  query.after = pad.id;
  EXPECT_THAT(read([&](Reader& r) { return r.standings(query); }).standings, ElementsAre(of_mac));
  query = {.account = account, .filters = filters, .limit = 10, .waiting_only = true};
  EXPECT_THAT(read([&](Reader& r) { return r.standings(query); }).standings, ElementsAre(of_pad));

  std::map<std::vector<bool>, long long> counts;
  for (const auto& count : read([&](Reader& r) { return r.match_counts(account, filters); }))
    counts[count.matches] = count.devices;
  EXPECT_EQ(counts, (std::map<std::vector<bool>, long long>{{{true, true}, 1}, {{false, true}, 1}}));
}

}  // namespace muster::test
