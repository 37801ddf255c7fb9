// What can happen to a batch, and why no crash loses or doubles it:
//
//   mark     the batch is stored as in_flight, before anything is sent
//   send     one assign call
//   answer   each serial's answer is stored, in one transaction
//   confirm  what Apple called a SUCCESS is read back, and only then is the work done
//
// A batch that is found in_flight was sent by a process that died, or by a call whose answer never came. Apple may
// have done it or not, so Apple is asked (POST /devices) before it is sent again.
#include "sync/assignments.h"

#include <map>

#include "apple/failure.h"
#include "base/log.h"
#include "sync/backoff.h"
#include "sync/desired.h"
#include "sync/read_back.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using State = Assignment::State;
using Kind = HistoryEntry::Kind;
using apple::Failure;

// Apple knows no profile of that UUID: someone must give the assigner another, so ask again seldom.
constexpr Millis kUnknownProfileWait = 24h;

class Worker {
 public:
  explicit Worker(const RunContext& context) : context_(context) {}

  Result<WorkReport> go(const std::function<bool()>& interrupted) {
    MUSTER_TRY(read_back_all(State::in_flight));
    MUSTER_TRY(read_back_all(State::looking));
    for (;;) {
      MUSTER_TRY(const bool any, is_any_due());  // mostly not: then nobody is kept from writing
      if (!any) break;
      MUSTER_TRY(auto batch, mark_batch());
      if (batch.empty()) break;
      MUSTER_TRY(send(std::move(batch)));
      if (interrupted()) break;
    }
    MUSTER_TRY(read_back_all(State::looking));
    MUSTER_TRY(read_back_all(State::confirming));
    return report_;
  }

 private:
  Result<bool> is_any_due() {
    return context_.store.read([&](Reader& reader) -> Result<bool> {
      MUSTER_TRY(const auto one, reader.next_batch(context_.account.id, context_.clock.now(), 1));
      return !one.empty();
    });
  }

  // The next call's worth of work; nothing when none is due.
  Result<std::vector<Assignment>> mark_batch() {
    return context_.store.write([&](Writer& writer) -> Result<std::vector<Assignment>> {
      const Time now = context_.clock.now();
      MUSTER_TRY(auto batch, writer.next_batch(context_.account.id, now, apple::kAssignLimit));
      for (auto& assignment : batch) {
        assignment.state = State::in_flight;
        assignment.next_try = now;
      }
      MUSTER_TRY(writer.update_assignments(batch));
      return batch;
    });
  }

  Result<> send(std::vector<Assignment> batch) {
    const ProfileUuid profile = batch.front().profile;
    std::vector<Serial> serials;
    serials.reserve(batch.size());
    for (const auto& assignment : batch) serials.push_back(assignment.serial);

    ++report_.calls;
    auto answers = context_.service.assign(profile, serials, context_.stop);
    if (!answers) return not_answered(std::move(batch), profile, answers.error());
    return store_answers(std::move(batch), *answers);
  }

  // No answer for any serial. When it may have had an effect all the same, the batch stays in_flight.
  Result<> not_answered(std::vector<Assignment> batch, const ProfileUuid& profile, const Error& error) {
    if (apple::outcome_unknown(error)) return failure(error);
    const auto meaning = apple::classify(error);
    DeviceWaits waits;
    for (auto& assignment : batch) {
      assignment.state = State::due;
      assignment.last_answer = error.remote.word.empty() ? error.message : error.remote.word;
      if (meaning == Failure::profile_unknown) assignment.next_try += kUnknownProfileWait;
      if (meaning == Failure::refused) assignment.next_try += waits.after(++assignment.attempts);
    }
    MUSTER_TRY(context_.store.write([&](Writer& writer) { return writer.update_assignments(batch); }));
    switch (meaning) {
      case Failure::profile_unknown: return mark_unknown(profile, error);
      case Failure::refused:  // these serials and this profile only: others' work goes on
        log::error("assign.refused", {{"account", context_.account.name.str()}, {"reason", error.text()}});
        return {};
      default: return failure(error);  // the whole account waits; the batch is due right after
    }
  }

  // The rules that give this profile are broken until a person gives them another; other profiles' work goes on.
  Result<> mark_unknown(const ProfileUuid& profile, const Error& error) {
    log::error(
        "assigner.broken",
        {{"account", context_.account.name.str()}, {"profile", profile.str()}, {"reason", error.text()}});
    return context_.store.write([&](Writer& writer) -> Result<> {
      MUSTER_TRY(auto assigners, writer.assigners(context_.account.id));
      for (auto& assigner : assigners) {
        if (assigner.profile != profile) continue;
        assigner.broken = error.remote.word;
        MUSTER_TRY(writer.put_assigner(assigner));
      }
      MUSTER_TRY(auto known, writer.profile(context_.account.id, profile));
      if (!known) return {};
      known->unknown_at_apple = error.remote.word;
      return writer.put_profile(*known);
    });
  }

  Result<> store_answers(std::vector<Assignment> batch, const apple::SerialAnswers& answers) {
    const Time now = context_.clock.now();
    long long assigned = 0, failed = 0;
    DeviceWaits waits;
    for (auto& assignment : batch) {
      const auto found = answers.answers.find(assignment.serial);
      assignment.last_answer = found == answers.answers.end() ? kNoAnswer : found->second;
      if (assignment.last_answer == "SUCCESS") {
        assignment.state = State::confirming;
        assignment.next_try = begun_;
        ++assigned;
        continue;
      }
      ++failed;
      assignment.urgency = Assignment::Urgency::retry;
      if (assignment.last_answer == "NOT_ACCESSIBLE") {  // gone, or there all the same: one look tells
        assignment.state = State::looking;
        assignment.next_try = now;
        continue;
      }
      assignment.state = State::due;
      ++assignment.attempts;
      assignment.next_try = now + (assignment.last_answer == "THROTTLED"
                                       ? answers.retry_after ? Millis(*answers.retry_after) : kThrottleWait
                                       : waits.after(assignment.attempts));
    }
    MUSTER_TRY(change(context_.store, [&](Writer& writer, Changes& changes) -> Result<> {
      MUSTER_TRY(writer.update_assignments(batch));
      for (const auto& assignment : batch)
        changes.note(assignment.device, now, Kind::answered,
                     assignment.last_answer + " " + assignment.profile.str());
      return {};
    }));
    report_.assigned += assigned;
    report_.failed += failed;
    log_not_taken(batch);
    log::info("assign.answered", {{"account", context_.account.name.str()},
                                  {"profile", batch.front().profile.str()},
                                  {"success", assigned},
                                  {"failed", failed}});
    return {};
  }

  // Who was not taken, by Apple's word. A few serials are enough for the log; the API has all.
  void log_not_taken(const std::vector<Assignment>& batch) const {
    constexpr size_t kShown = 10;
    struct Group {
      size_t devices = 0;
      std::string serials;
    };
    std::map<std::string, Group> groups;
    for (const auto& assignment : batch) {
      if (assignment.state == State::confirming) continue;
      Group& group = groups[assignment.last_answer];
      if (group.devices++ < kShown)
        group.serials += (group.serials.empty() ? "" : ",") + assignment.serial.str();
    }
    for (const auto& [word, group] : groups)
      log::warn("assign.not_taken", {{"account", context_.account.name.str()},
                                     {"word", word},
                                     {"devices", group.devices},
                                     {"serials", group.serials}});
  }

  // Asks Apple about all assignments of `state` that are due, and settles each by what Apple reports.
  Result<> read_back_all(State state) {
    for (;;) {
      MUSTER_TRY(auto batch, context_.store.read([&](Reader& r) {
        return r.sent_assignments(context_.account.id, state, context_.clock.now(), apple::kDetailsLimit);
      }));
      if (batch.empty()) return {};
      MUSTER_TRY(const auto confirmed, read_back(context_, std::move(batch)));
      report_.confirmed += confirmed;
    }
  }

  const RunContext& context_;
  // When what Apple took is read back: one time for all, so that it is read back in the order in which the devices lie in
  // the file, whatever profiles they got.
  const Time begun_ = context_.clock.now();
  WorkReport report_;
};

}  // namespace

WorkReport& WorkReport::operator+=(const WorkReport& other) {
  calls += other.calls;
  assigned += other.assigned;
  failed += other.failed;
  confirmed += other.confirmed;
  return *this;
}

Result<WorkReport> work_assignments(const RunContext& context, const std::function<bool()>& interrupted) {
  return Worker(context).go(interrupted);
}

}  // namespace muster::sync
