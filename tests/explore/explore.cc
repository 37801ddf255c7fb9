#include "tests/explore/explore.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "store/sqlite/open.h"
#include "tests/explore/check/invariant.h"
#include "tests/explore/story/grammar.h"
#include "tests/explore/story/play.h"
#include "tests/explore/story/scenario_text.h"
#include "tests/explore/story/shrink.h"

namespace muster::explore {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A database in memory, where there is such a directory: what is synced there costs nothing.
class Place {
 public:
  Place() {
    const std::filesystem::path memory = "/dev/shm";
    const auto base = std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    path_ = (base / "muster-explore-XXXXXX").string();
    if (!::mkdtemp(path_.data())) throw std::runtime_error("cannot make a directory like " + path_);
    auto opened = sqlite::open(path_);
    if (!opened) throw std::runtime_error(opened.error().text());
    store_ = std::move(*opened);
  }
  ~Place() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Store& store() { return *store_; }

 private:
  std::string path_;
  std::unique_ptr<Store> store_;
};

// Two findings of one kind are hardly two faults: the first one is told.
std::string kind_of(const Finding& finding, const Story& story) {
  std::string kind = finding.invariant;
  for (const Fault& fault : story.faults) kind += "; " + fault.call + " " + text(fault.answer);
  return kind;
}

// What Apple was asked, for whoever looks into one story.
void print_calls(const Outcome& outcome) {
  for (const Call& call : outcome.calls) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(call.at - outcome.begin).count();
    fmt::print("{:3}:{:02}:{:02} {} {}{}{} {}\n", seconds / 3600, seconds / 60 % 60, seconds % 60, call.name,
               call.status, call.spoilt ? " spoilt" : "", call.by_operator ? " by an operator" : "",
               fmt::join(call.asked, " "));
  }
}

class Explorer {
 public:
  explicit Explorer(const Plan& plan) : plan_(plan), player_(place_.store()) {}

  size_t go() {
    const auto begin = SteadyClock::now();
    for (number_ = plan_.story.value_or(0);; ++number_) {
      tell(number_);
      if (plan_.story || findings_ >= plan_.most_findings || SteadyClock::now() - begin >= plan_.length)
        break;
    }
    const double minutes = std::chrono::duration<double>(SteadyClock::now() - begin).count() / 60;
    const long long stories = number_ - plan_.story.value_or(0) + 1;
    fmt::print("stories {}\nfindings {}\nstories a minute {:.0f}\n", stories, findings_,
               static_cast<double>(stories) / minutes);
    return findings_;
  }

 private:
  void tell(long long number) {
    const Story story = draw_story(plan_.seed, number);
    try {
      if (!twin_ || number / kStoriesAPlot != twin_of_) {
        twin_ = player_.play_without_faults(story);
        twin_of_ = number / kStoriesAPlot;
      }
      const Outcome outcome = player_.play(story, *twin_);
      if (plan_.story) print_calls(outcome);
      const auto finding = judge(story, outcome, *twin_);
      if (finding) report(number, story, *finding);
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("-seed {} -story {}: {}", plan_.seed, number, error.what()));
    }
  }

  void report(long long number, const Story& story, const Finding& finding) {
    if (!kinds_.insert(kind_of(finding, story)).second) return;  // shrinking costs a hundred stories
    const Story least = shrunk(player_, story, finding);
    const auto least_twin = player_.play_without_faults(least);
    const auto again = judge(least, player_.play(least, least_twin), least_twin);
    if (!least_kinds_.insert(kind_of(finding, least)).second) return;
    ++findings_;
    fmt::print("\n-seed {} -story {}: {}: {}\n{}\n", plan_.seed, number, finding.invariant,
               again ? again->complaint : finding.complaint, scenario_text(least, least_twin));
    std::fflush(stdout);
  }

  const Plan plan_;
  Place place_;
  Player player_;
  long long number_ = 0;
  std::optional<Outcome> twin_;
  long long twin_of_ = -1;
  size_t findings_ = 0;
  std::set<std::string> kinds_, least_kinds_;  // of findings, as they were found and shrunk
};

}  // namespace

size_t explore(const Plan& plan) { return Explorer(plan).go(); }

}  // namespace muster::explore
