#include "cli/code/rule_diff.h"

#include <gmock/gmock.h>

namespace muster::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ConfigRule config_rule(std::string name, std::string filter, long long priority = 100,
                       std::string profile = "P") {
  return {.name = std::move(name),
          .filter = std::move(filter),
          .scope = "new",
          .priority = priority,
          .profile = std::move(profile)};
}

std::vector<std::string> lines(const std::vector<ConfigStep>& steps) {
  std::vector<std::string> list;
  for (const auto& step : steps) list.push_back(step.title + step.detail);
  return list;
}

RuleDiff diff(const std::vector<ConfigRule>& wanted, const std::vector<ConfigRule>& present) {
  return diff_rules(wanted, present, {});
}

TEST(RuleDiffs, TheSameIsNothing) {
  const std::vector<ConfigRule> rules{config_rule("a", "x = 1"), config_rule("", "*")};
  const auto same = diff(rules, rules);
  EXPECT_THAT(same.steps, IsEmpty());
  EXPECT_THAT(same.removals, IsEmpty());
  EXPECT_THAT(same.notes, IsEmpty());
}

TEST(RuleDiffs, ARuleIsTheOneOfItsNameElseOfItsFilter) {
  EXPECT_THAT(lines(diff({config_rule("a", "y")}, {config_rule("a", "x")}).steps),
              ElementsAre("rule 'a': filter 'x' -> 'y'"));
  EXPECT_THAT(lines(diff({config_rule("b", "x")}, {config_rule("a", "x")}).steps),
              ElementsAre("rule 'a': name 'a' -> 'b'"));
  EXPECT_THAT(lines(diff({config_rule("", "x")}, {config_rule("a", "x")}).steps),
              ElementsAre("rule 'a': name 'a' -> none"));
  const auto other = diff({config_rule("b", "y")}, {config_rule("a", "x")});
  EXPECT_THAT(lines(other.steps), ElementsAre("rule 'b': filter 'y', profile 'P', scope new, priority 100"));
  EXPECT_THAT(lines(other.removals), ElementsAre("rule 'a'"));
}

TEST(RuleDiffs, AFilterBecomesFreeBeforeAnotherRuleTakesIt) {
  const auto moved = diff({config_rule("", "x", 1), config_rule("a", "y", 50)}, {config_rule("a", "x", 50)});
  EXPECT_THAT(lines(moved.steps), ElementsAre("rule 'a': filter 'x' -> 'y'",
                                              "rule filter 'x': profile 'P', scope new, priority 1"));
}

TEST(RuleDiffs, WhatIsTriedFirstIsSentFirst) {
  const auto added =
      diff({config_rule("c", "z", 30), config_rule("a", "x", 10), config_rule("b", "y", 10)}, {});
  std::vector<std::string> titles;
  for (const auto& step : added.steps) titles.push_back(step.title);
  EXPECT_THAT(titles, ElementsAre("rule 'a'", "rule 'b'", "rule 'c'"));
}

TEST(RuleDiffs, EveryMemberIsCompared) {
  auto wanted = config_rule("a", "x", 5, "");
  wanted.scope = "unassigned";
  EXPECT_THAT(lines(diff({wanted}, {config_rule("a", "x")}).steps),
              ElementsAre("rule 'a': priority 100 -> 5, scope new -> unassigned, profile 'P' -> no profile"));
  wanted.profile_uuid = "F00D";
  EXPECT_THAT(lines(diff({wanted}, {config_rule("a", "x", 5)}).steps),
              ElementsAre("rule 'a': scope new -> unassigned, profile 'P' -> profile UUID F00D"));
}

TEST(RuleDiffs, AStepNeedsItsProfileAndItsLists) {
  const auto found = diff_rules({config_rule("a", "serial in @lab")}, {}, {{"serial in @lab", {"lab"}}});
  EXPECT_THAT(found.steps.at(0).needs, ElementsAre("list lab", "profile P"));
}

TEST(RuleDiffs, AgesThatTheFileCannotChangeAreNoted) {
  const auto a = config_rule("a", "x"), b = config_rule("b", "y");
  EXPECT_THAT(diff({b, a}, {a, b}).notes, ElementsAre(HasSubstr("rule 'b' stands before 'a' in the file")));
  EXPECT_THAT(diff({b, a}, {a}).notes, ElementsAre(HasSubstr("rule 'b' stands before 'a' in the file")));
  EXPECT_THAT(diff({a, b}, {a}).notes, IsEmpty());
  EXPECT_THAT(diff({config_rule("b", "y", 99), a}, {a, b}).notes, IsEmpty());
}

}  // namespace
}  // namespace muster::cli
