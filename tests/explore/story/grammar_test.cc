#include "tests/explore/story/grammar.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/explore/story/answer.h"

namespace muster::explore {
namespace {

TEST(Grammar, DrawsTheSameStoryAgain) {
  const Story once = draw_story(7, 1234), again = draw_story(7, 1234);
  EXPECT_EQ(once.seed, again.seed);
  EXPECT_EQ(once.plot.events.size(), again.plot.events.size());
  ASSERT_EQ(once.faults.size(), again.faults.size());
  for (size_t i = 0; i < once.faults.size(); ++i)
    EXPECT_EQ(text(once.faults[i].answer), text(again.faults[i].answer));
}

TEST(Grammar, ReachesEveryMomentEveryEventAndEveryKindOfAnswer) {
  std::set<std::string> moments;
  std::set<Happening> events;
  std::set<Answer::Kind> answers;
  for (long long number = 0; number < 8000; ++number) {
    const Story story = draw_story(1, number);
    moments.insert(story.moment);
    for (const Event& event : story.plot.events) events.insert(event.what);
    for (const Fault& fault : story.faults) answers.insert(fault.answer.kind);
  }
  EXPECT_EQ(moments.size(), 10u);
  EXPECT_EQ(events.size(), static_cast<size_t>(Happening::crash_in_a_call) + 1);
  EXPECT_EQ(answers.size(), static_cast<size_t>(Answer::Kind::clock_ahead) + 1);
}

}  // namespace
}  // namespace muster::explore
