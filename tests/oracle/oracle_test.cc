// Every history of up to four happenings, decided twice: by the product and by the oracle. style.md no. 21:
// "a slow, obviously right second engine; all small inputs tried".
#include "tests/oracle/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "filter/read.h"
#include "tests/oracle/product.h"

namespace muster::oracle {
namespace {

constexpr size_t kReported = 20;  // disagreements shown one by one

// Filters that cover the one kind of device there is, or not. Those that the product cannot read yet are left
// out: the sets of rules grow with its language.
std::vector<Rule> readable_rules() {
  const std::vector<Rule> all = {{"*", kRuleProfile, true},
                                 {"family = iPad", ProfileUuid("IPAD"), true},
                                 {"family = Mac", ProfileUuid("MAC"), false}};
  std::vector<Rule> readable;
  for (const Rule& rule : all)
    if (assign::Filter::parse(rule.filter)) readable.push_back(rule);
  return readable;
}

// Every `shards`th history from number `shard` on.
void compare(const Rules& rules, Start start, size_t length, size_t shard = 0, size_t shards = 1) {
  std::vector<History> part;
  const auto all = histories(length);
  for (size_t i = shard; i < all.size(); i += shards) part.push_back(all[i]);
  const auto product = decide_by_product(rules, start, part);
  size_t different = 0;
  for (size_t i = 0; i < part.size(); ++i) {
    const std::string expected = decide(rules, start, part[i].steps);
    if (product[i] == expected) continue;
    if (++different <= kReported)
      ADD_FAILURE() << part[i].name() << "\n  oracle:  " << expected << "\n  product: " << product[i];
  }
  EXPECT_EQ(different, 0u) << "of " << part.size() << " histories";
}

class Oracle : public testing::TestWithParam<Start> {};

TEST_P(Oracle, AgreesUnderTheStar) {
  for (size_t length = 1; length <= 3; ++length) compare({{{"*", kRuleProfile}}}, GetParam(), length);
}

TEST_P(Oracle, AgreesWithoutARule) {
  for (size_t length = 1; length <= 3; ++length) compare({}, GetParam(), length);
}

TEST_P(Oracle, AgreesWhenTheRuleComesGoesOrChangesItsProfile) {
  const std::vector<Rule> star = {{"*", kRuleProfile}}, other = {{"*", ProfileUuid("NEWER")}};
  for (size_t at = 1; at < 3; ++at) {
    compare({{}, at, star}, GetParam(), 3);
    compare({star, at, {}}, GetParam(), 3);
    compare({star, at, other}, GetParam(), 3);
  }
}

TEST_P(Oracle, AgreesOnEverySetOfRules) {
  auto rules = readable_rules();
  // Every order of every subset: who was made first is tried first, and the star last.
  const auto by_filter = [](const Rule& a, const Rule& b) { return a.filter < b.filter; };
  std::sort(rules.begin(), rules.end(), by_filter);
  do {
    for (size_t count = 1; count <= rules.size(); ++count) {
      std::vector<Rule> made(rules.begin(), rules.begin() + static_cast<long>(count)), tried = made;
      std::stable_partition(tried.begin(), tried.end(), [](const Rule& rule) { return rule.filter != "*"; });
      const auto all = histories(2);
      const auto product = decide_by_product({made}, GetParam(), all);
      for (size_t i = 0; i < all.size(); ++i)
        EXPECT_EQ(product[i], decide({tried}, GetParam(), all[i].steps)) << all[i].name();
    }
  } while (std::next_permutation(rules.begin(), rules.end(), by_filter));
}

// 400,000 histories: in parts, which ctest runs side by side.
constexpr size_t kShards = 8;
class OracleShard : public testing::TestWithParam<std::tuple<Start, size_t>> {};

TEST_P(OracleShard, AgreesOnFourHappenings) {
  const auto [start, shard] = GetParam();
  compare({{{"*", kRuleProfile}}}, start, 4, shard, kShards);
}

std::string name_of(Start start) { return start == Start::unheard_of ? "UnheardOf" : "InTheBaseline"; }

const auto kStarts = testing::Values(Start::unheard_of, Start::in_the_baseline);
INSTANTIATE_TEST_SUITE_P(Starts, Oracle, kStarts, [](const auto& test) { return name_of(test.param); });
INSTANTIATE_TEST_SUITE_P(Starts, OracleShard, testing::Combine(kStarts, testing::Range(size_t{0}, kShards)),
                         [](const auto& test) {
                           return name_of(std::get<0>(test.param)) + std::to_string(std::get<1>(test.param));
                         });

}  // namespace
}  // namespace muster::oracle
