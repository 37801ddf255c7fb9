#include "tests/explore/story/grammar.h"

#include <algorithm>

#include "tests/explore/story/draw_fault.h"
#include "tests/explore/story/draw_plot.h"

namespace muster::explore {
namespace {

// Of a number of a kind of its own, so that no two streams of choices are alike.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t number, std::uint64_t kind) {
  std::uint64_t value = seed + 0x9E3779B97F4A7C15ULL * (number * 4 + kind + 1);
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

}  // namespace

Story draw_story(std::uint64_t seed, long long number) {
  const auto plot_number = static_cast<std::uint64_t>(number / kStoriesAPlot);
  Dice of_plot(mixed(seed, plot_number, 1));
  Story story = draw_plot(of_plot);
  story.seed = mixed(seed, plot_number, 2);
  Dice of_faults(mixed(seed, static_cast<std::uint64_t>(number), 3));
  draw_faults(of_faults, story);
  story.patient = of_faults.one_in(8);
  return story;
}

}  // namespace muster::explore
