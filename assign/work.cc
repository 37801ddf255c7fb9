#include "assign/work.h"

#include <algorithm>

namespace muster::assign {
namespace {

using namespace std::chrono_literals;
using State = Assignment::State;
using Kind = HistoryEntry::Kind;
using Word = AnswerWord::Kind;
using Then = WorkStep::Then;

// Apple's report may lag behind its own answer: design section 2 gives it this long.
constexpr Millis kReportLag = 15min;
// Nobody knows what a new word of Apple's wants us to do, so nothing is done often.
constexpr Millis kUnknownWordWait = 10min;
constexpr Millis kLongestWait = 24h;
// When Apple does not say for how long a device is throttled (apple-dep-api.md 6: about 24 h)
constexpr Millis kThrottleWait = 24h;

constexpr const char* kNotConfirmed = "SUCCESS, not confirmed";
// Between the word of the assign call and what Apple said when it was asked
constexpr std::string_view kAsked = "; asked: ";

Millis doubled(Millis first, int times) {
  constexpr int kMostDoublings = 20;  // far beyond kLongestWait, and far from overflow
  return std::min(kLongestWait, Millis(first.count() << std::clamp(times, 0, kMostDoublings)));
}

std::string shown(const AnswerWord& word) {
  return word.kind == Word::missing ? std::string(kNoAnswer) : word.text;
}

// The word of the assign call, without what Apple said when it was asked.
std::string assign_answer(const Assignment& work) {
  if (work.last_answer.starts_with(kAsked.substr(2))) return {};  // nothing was sent before
  return work.last_answer.substr(0, work.last_answer.find(kAsked));
}

WorkStep go_on(Assignment work, State state, Millis wait) {
  work.state = state;
  return {.work = std::move(work), .wait = wait};
}

WorkStep with_note(WorkStep step, Kind kind, std::string detail) {
  step.note = kind;
  step.detail = std::move(detail);
  return step;
}

// A question that was not answered clearly is asked again, ever more seldom.
WorkStep ask_again(Assignment work, const std::string& answer) {
  work.last_answer = assign_answer(work);
  work.last_answer += (work.last_answer.empty() ? kAsked.substr(2) : kAsked);
  work.last_answer += answer;
  const State state = work.state;
  const Millis wait = doubled(kReportLag, work.attempts++);
  return go_on(std::move(work), state, wait);
}

WorkStep answered(Assignment work, const Answered& event) {
  work.last_answer = shown(event.word);
  const std::string detail = work.last_answer + " " + work.profile.str();
  if (event.word.kind == Word::success) return go_on(std::move(work), State::confirming, 0ms);
  work.urgency = Assignment::Urgency::retry;
  const auto not_taken = [&](State state, Millis wait) {
    return with_note(go_on(std::move(work), state, wait), Kind::answered, detail);
  };
  switch (event.word.kind) {
    case Word::not_accessible:
    case Word::not_found: return not_taken(State::looking, 0ms);
    case Word::throttled:
      ++work.attempts;
      return not_taken(State::due, event.retry_after ? Millis(*event.retry_after) : kThrottleWait);
    case Word::unknown: {
      const Millis wait = doubled(kUnknownWordWait, work.attempts++);
      return not_taken(State::looking, wait);
    }
    default: {
      const Millis wait = retry_wait(++work.attempts);
      return not_taken(State::due, wait);
    }
  }
}

WorkStep rejected(Assignment work, const Rejected& event) {
  work.last_answer = event.word;
  work.urgency = Assignment::Urgency::retry;
  const std::string detail = event.word + " " + work.profile.str();
  const Millis wait = event.alone ? kLongestWait : retry_wait(++work.attempts);
  return with_note(go_on(std::move(work), event.alone ? State::parked : State::due, wait), Kind::answered,
                   detail);
}

WorkStep reported_without(Assignment work, const Reported& event) {
  const std::string profile = work.profile.str();
  switch (work.state) {
    case State::confirming: {
      const std::string answer = assign_answer(work);
      if (answer != kNotConfirmed) {
        work.last_answer = kNotConfirmed;
        return go_on(std::move(work), State::confirming, kReportLag);
      }
      work.last_answer = "SUCCESS, but the device does not have the profile";
      work.urgency = Assignment::Urgency::retry;
      const Millis wait = work.attempts == 0 ? 0ms : retry_wait(work.attempts);
      ++work.attempts;
      return with_note(go_on(std::move(work), State::due, wait), Kind::not_confirmed, profile);
    }
    case State::looking: {
      const std::string answer = assign_answer(work);
      if (answer.empty()) {  // it drifted
        if (event.repaired_too_often)
          return with_note({.then = Then::contested, .work = std::move(work)}, Kind::contested, profile);
        work.last_answer.clear();
        return with_note(go_on(std::move(work), State::due, 0ms), Kind::repaired, profile);
      }
      const bool was_denied = read_answer_word(answer).is_gone();
      work.last_answer = answer;
      const Millis wait = was_denied ? retry_wait(++work.attempts) : 0ms;
      return go_on(std::move(work), State::due, wait);
    }
    default: return go_on(std::move(work), State::due, 0ms);
  }
}

WorkStep reported(Assignment work, const Reported& event) {
  if (event.has_profile) {
    const std::string profile = work.profile.str();
    return with_note({.then = Then::done, .work = std::move(work)}, Kind::confirmed, profile);
  }
  if (!event.status_is_known) return ask_again(std::move(work), "an unknown profile_status");
  return reported_without(std::move(work), event);
}

// Only a second word makes a device leave: one odd answer must not.
WorkStep not_reported(Assignment work, const NotReported& event) {
  if (event.word.is_gone() && work.state == State::in_flight) return go_on(std::move(work), State::due, 0ms);
  if (event.word.is_gone() && work.state == State::looking && read_answer_word(assign_answer(work)).is_gone())
    return {.then = Then::left, .work = std::move(work)};
  return ask_again(std::move(work), shown(event.word));
}

}  // namespace

Millis retry_wait(int attempts) { return doubled(10min, attempts - 1); }

WorkStep next_step(Assignment work, const WorkEvent& event) {
  struct Visitor {
    Assignment& work;
    WorkStep operator()(const Answered& e) { return answered(std::move(work), e); }
    WorkStep operator()(const Rejected& e) { return rejected(std::move(work), e); }
    WorkStep operator()(const Unanswered&) { return go_on(std::move(work), State::in_flight, 0ms); }
    WorkStep operator()(const Reported& e) { return reported(std::move(work), e); }
    WorkStep operator()(const NotReported& e) { return not_reported(std::move(work), e); }
  };
  return std::visit(Visitor{work}, event);
}

}  // namespace muster::assign
