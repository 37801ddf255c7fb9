// The state machine of an assignment: one pure function for the worker, the questions to Apple, manual
// assignments, intents and backfill. docs/serve.md has the same table for operators.
//
// | state      | what happens                              | then                                           |
// |------------|-------------------------------------------|------------------------------------------------|
// | any        | Apple reports the desired profile         | done                                           |
// | due        | sent                                      | in_flight: a sent batch (model/sent_batch.h)   |
// | due        | Apple rejects it and its whole call       | due after 10 min, doubling to 24 h             |
// | due        | Apple rejects it alone                    | parked: sent alone after 24 h                  |
// | in_flight  | SUCCESS                                   | confirming, asked at once                      |
// | in_flight  | FAILED, or no word for the serial         | due after 10 min, doubling to 24 h             |
// | in_flight  | THROTTLED                                 | due after Apple's retry_after_seconds, or 24 h |
// | in_flight  | NOT_ACCESSIBLE, NOT_FOUND                 | looking, asked at once                         |
// | in_flight  | a word nobody knows                       | looking, asked after 10 min, doubling to 24 h  |
// | in_flight  | no answer; reported without the profile,  | due at once                                    |
// |            | or as NOT_ACCESSIBLE                      |                                                |
// | confirming | reported without the profile              | confirming after 15 min; the second time due:  |
// |            |                                           | at once, then after 10 min, doubling to 24 h   |
// | looking    | drifted; reported without the profile     | due at once; the fourth time in 24 h contested |
// | looking    | NOT_ACCESSIBLE before, and now            | left: a tombstone                              |
// | looking    | NOT_ACCESSIBLE before; reported           | due after 10 min, doubling to 24 h             |
// | looking    | an unknown word before; reported          | due at once                                    |
// | parked     | as due                                    | as due                                         |
// | any        | asked; no word, an unknown one, or one    | the same state, asked again after 15 min,      |
// |            | that nothing else bears out               | doubling to 24 h                               |
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "model/apple_word.h"
#include "model/assignment.h"
#include "model/history.h"

namespace muster::assign {

/// Apple's answer for the device in the answer to an assign call.
struct Answered {
  AnswerWord word;
  std::optional<std::chrono::seconds> retry_after = {};  ///< of THROTTLED
};
/// Apple rejected the call; nothing was done. `alone`: no other serial was in it.
struct Rejected {
  std::string word;
  bool alone = false;
};
/// Nobody knows whether the call had an effect.
struct Unanswered {};
/// Apple reports the device, in answer to a question about it.
struct Reported {
  bool has_profile = false;     ///< the desired one
  bool status_is_known = true;  ///< false: a profile_status that is unknown, which says neither this nor that
  bool repaired_too_often = false;  ///< the desired profile was assigned again three times in 24 h already
};
/// The answer to a question about it was something else than a report.
struct NotReported {
  AnswerWord word;
};
using WorkEvent = std::variant<Answered, Rejected, Unanswered, Reported, NotReported>;

/// What an event makes of an assignment.
struct WorkStep {
  enum class Then {
    go_on,     ///< `work` takes its place
    done,      ///< Apple reports what is desired: no assignment any more
    left,      ///< Apple does not have the device: a tombstone
    contested  ///< it lost the profile too often: left alone until an operator decides
  };
  Then then = Then::go_on;
  Assignment work;
  Millis wait{0};  ///< from now to work.next_try, before jitter
  std::optional<HistoryEntry::Kind> note = {};
  std::string detail = {};
};

WorkStep next_step(Assignment work, const WorkEvent& event);

/// For a device that Apple did not accept: 10 minutes, doubling to 24 hours (design section 5). `attempts`
/// from 1.
Millis retry_wait(int attempts);

/// The last answer of a device that Apple's answer did not name.
inline constexpr const char* kNoAnswer = "no answer for this serial";

}  // namespace muster::assign
