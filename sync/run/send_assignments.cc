// The lane of assignment: durable work becomes calls to Apple (PUT /profile/devices), one after the other,
// and Apple's answers become durable. What can happen to a call, and why no crash loses or doubles it:
//
//   mark     the batch is stored as sent, in one row, before anything goes out
//   send     one call, at most 1,000 devices of one profile
//   answer   words other than SUCCESS are stored; the rest is held in memory for the lane of questions, which
//            reads Apple's report at once and stores what comes of it. Where that lane does not get on,
//            SUCCESS is stored, too
//
// A batch that is left behind, by a process that died or a run that failed, was sent, or was about to be: its
// assignments become in_flight, and Apple is asked about them before anything is sent again.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "apple/answers/failure.h"
#include "base/log/log.h"
#include "base/threads/meanwhile.h"
#include "sync/accounts/connect.h"
#include "sync/accounts/feed.h"
#include "sync/rules/backfill.h"
#include "sync/run/lanes.h"
#include "sync/work/profile_trouble.h"
#include "sync/work/work_step.h"

namespace muster::sync {
namespace {

using State = Assignment::State;
using apple::Failure;
using Batch = std::vector<Assignment>;

// Batches that wait for the lane of questions. When that many do, it does not keep up.
constexpr size_t kMostHeld = 8;
// Devices that Apple rejects are tried alone, so many a run.
constexpr size_t kMostParked = 5;
// Rejections while a batch is taken apart. One device costs 2 * log2(1000) + 1 of them at most. As long as no
// part is accepted, the reason may not be a device at all: so many until a single device is reached, and
// fewer once that is known.
constexpr int kMostRejectedCalls = 64;
constexpr int kMostWithoutSuccess = 14;
constexpr int kMostWithoutSuccessAgain = 6;

struct Marked {
  Batch batch;
  std::vector<SentBatch> sent;
};

// Runs of one urgency: each is a range of what is due, in its order.
std::vector<SentBatch> ranges_of(const Batch& batch, Time now) {
  std::vector<SentBatch> ranges;
  for (const auto& work : batch) {
    if (ranges.empty() || ranges.back().urgency != work.urgency)
      ranges.push_back({.account = work.account,
                        .profile = work.profile,
                        .urgency = work.urgency,
                        .first_try = work.next_try,
                        .first_device = work.device,
                        .sent_at = now});
    ranges.back().last_try = work.next_try;
    ranges.back().last_device = work.device;
  }
  return ranges;
}

// Apple was reached, and has told what it holds of the call.
bool is_answer(const Error& error) {
  const auto meaning = apple::classify(error);
  return meaning == Failure::refused || meaning == Failure::profile_unknown;
}

// A part of a batch that Apple rejected.
struct Part {
  Batch batch;
  int whole = 0;             // the number of the rejection it comes from
  bool is_rejected = false;  // it is known without asking: the other half was accepted
};

class Sender {
 public:
  explicit Sender(const LaneContext& context) : context_(context) {}

  // `some_are_left`: batches that were sent before.
  Result<Sent> send_all(bool some_are_left) {
    if (some_are_left) MUSTER_TRY(recover());
    MUSTER_TRY(probe_profiles());
    MUSTER_TRY(send_parked());
    for (bool is_decided = false;;) {
      MUSTER_TRY(auto next, choose());
      while (!next.marked.batch.empty()) {
        MUSTER_TRY(next, send(std::move(next.marked)));
      }
      if (next.waits) return Sent{.waits = true, .asked = asked_};
      if (is_decided) {
        MUSTER_TRY(forget_troubles());
        return Sent{.asked = asked_};
      }
      MUSTER_TRY(const bool goes_on, backfill_step(context_));
      is_decided = !goes_on;
    }
  }

  bool some_are_lost() const { return some_are_lost_; }

 private:
  struct Choice {
    Marked marked;
    bool waits = false;
  };

  AccountId account() const { return context_.account.id; }

  // What the lane of questions has is its own. It may settle some meanwhile: what it had before the others
  // are read counts.
  Result<> recover() {
    const auto held = context_.memory.held_batches.with([](const auto& batches) { return batches; });
    MUSTER_TRY(auto sent, context_.store.read([&](Reader& r) { return r.sent_batches(account()); }));
    std::erase_if(sent, [&](const SentBatch& batch) { return held.contains(batch.id); });
    if (sent.empty()) return {};
    MUSTER_TRY(context_.store.write(context_.scope(), [&](Writer& writer) -> Result<> {
      for (const auto& batch : sent) MUSTER_TRY(writer.mark_in_flight(batch.id, context_.clock.now()));
      return {};
    }));
    context_.wake(Lane::questions);
    return {};
  }

  // Asking for a profile costs no device an attempt. Only where Apple knows it the devices that wait are
  // sent.
  Result<> probe_profiles() {
    const Time now = context_.clock.now();
    MUSTER_TRY(const auto probes,
               context_.store.read([&](Reader& r) { return profiles_to_probe(r, account(), now); }));
    for (size_t i = 0; i < probes.size(); ++i) {
      const auto& [profile, is_unchecked] = probes[i];
      const auto known = context_.service.profile(profile, context_.stop);
      asked_ = asked_ || known || is_answer(known.error());
      if (known) {
        if (is_unchecked) MUSTER_TRY(profiles_are_known(context_.store, context_.scope(), {profile}));
        known_.insert(profile);
        continue;
      }
      if (apple::classify(known.error()) != Failure::profile_unknown)
        return ask_later(std::span(probes).subspan(i), known.error());
      MUSTER_TRY(context_.store.write(context_.scope(), [&, unknown = profile](Writer& writer) {
        return profile_is_unknown(writer, account(), unknown, known.error().remote.word, now);
      }));
      if (is_unchecked) log_broken(profile, known.error());
    }
    return {};
  }

  // That GET /profile does not work is no reason to stop what needs POST /profile/devices only.
  Result<> ask_later(std::span<const ProfileProbe> probes, const Error& error) {
    const bool stops_all = apple::classify(error) == Failure::cancelled || error.remote.retry_after;
    if (stops_all || apple::is_held_back(error)) return failure(error);
    return context_.store.write(context_.scope(), [&](Writer& writer) {
      return probes_failed(writer, account(), probes, context_.clock.now());
    });
  }

  // No device waits any more: those that waited for an unknown profile have left, or are to have another one.
  // Nothing else would show that Apple knows it again.
  Result<> forget_troubles() {
    if (known_.empty()) return {};
    MUSTER_TRY(const auto waits, context_.store.read([&](Reader& r) {
      return r.next_assignment_time(account(), State::due, {});
    }));
    if (waits) return {};
    return profiles_are_known(context_.store, context_.scope(), known_);
  }

  // The next call's worth of work, stored as sent; an empty batch when none is due.
  Result<Choice> choose() {
    if (context_.stop.stop_requested()) return failure(Code::cancelled, "stopped");
    const Time now = context_.clock.now();
    MUSTER_TRY(const auto blocked,
               context_.store.read([&](Reader& r) { return blocked_profiles(r, account(), now); }));
    MUSTER_TRY(const auto first, context_.store.read([&](Reader& r) -> Result<std::optional<Time>> {
      return r.next_assignment_time(account(), State::due, blocked.profiles);
    }));
    if (!first || *first > now) return Choice{};  // mostly: then nobody is kept from writing
    const bool may_wait = context_.memory.changes_are_coming && now - *first < kGather;
    Choice choice;
    MUSTER_TRY(context_.store.write(context_.scope(), [&](Writer& writer) -> Result<> {
      choice = {};
      MUSTER_TRY(auto batch, writer.next_batch(account(), now, apple::kAssignLimit, blocked.profiles));
      choice.waits = may_wait && !batch.empty() && batch.size() < apple::kAssignLimit;
      if (choice.waits || batch.empty()) return {};
      MUSTER_TRY(choice.marked, mark(writer, std::move(batch)));
      return {};
    }));
    return choice;
  }

  Result<Marked> mark(Writer& writer, Batch batch) {
    Marked marked{std::move(batch), {}};
    marked.sent = ranges_of(marked.batch, context_.clock.now());
    for (auto& range : marked.sent) MUSTER_TRY(writer.put_sent_batch(range));
    return marked;
  }

  Result<apple::SerialAnswers> call(const Batch& batch) {
    std::vector<Serial> serials;
    serials.reserve(batch.size());
    for (const auto& work : batch) serials.push_back(work.serial);
    context_.memory.report.with([](Report& report) { ++report.calls; });
    // A server that was suspended may come back after another one took the account.
    auto answers = context_.service.assign(batch.front().profile, serials, context_.stop, context_.may_call);
    asked_ = asked_ || answers || is_answer(answers.error());
    return answers;
  }

  // Returns what is to be sent next: it is chosen while Apple works on this call.
  Result<Choice> send(Marked marked) {
    // Where it may take long until the answer is stored, what is to be done then is seen then.
    if (context_.is_patient) {
      const auto answers = call(marked.batch);
      MUSTER_TRY(take(std::move(marked), answers));
      return choose();
    }
    Meanwhile<Result<Choice>> next(context_.read_ahead, [this] { return choose(); });
    auto answers = call(marked.batch);
    auto chosen = next.get();
    some_are_lost_ = some_are_lost_ || !chosen;
    const bool is_unknown = !answers && apple::classify(answers.error()) == Failure::profile_unknown;
    const auto done = take(std::move(marked), answers);
    if (chosen && (!done || is_unknown)) MUSTER_TRY(give_back(*chosen));
    if (!done) return failure(done.error());
    if (is_unknown) return choose();  // other profiles' work continues
    return chosen;
  }

  Result<> take(Marked marked, const Result<apple::SerialAnswers>& answers) {
    if (answers) return store_answers(std::move(marked), *answers);
    MUSTER_TRY(not_answered(marked, answers.error()));
    switch (apple::classify(answers.error())) {
      case Failure::profile_unknown: return {};
      case Failure::refused: return take_apart(std::move(marked.batch), answers.error());
      default: return failure(answers.error());
    }
  }

  // It was not sent after all.
  Result<> give_back(const Choice& chosen) {
    return context_.store.write(context_.scope(), [&](Writer& writer) -> Result<> {
      for (const auto& batch : chosen.marked.sent) MUSTER_TRY(writer.remove_sent_batch(batch.id));
      return {};
    });
  }

  // No word for any device. Where the call may have had an effect all the same, Apple is asked.
  Result<> not_answered(const Marked& marked, const Error& error) {
    const ProfileUuid& profile = marked.batch.front().profile;
    const bool is_unknown = apple::outcome_unknown(error);
    MUSTER_TRY(context_.store.write(context_.scope(), [&](Writer& writer) -> Result<> {
      const Time now = context_.clock.now();
      for (const auto& batch : marked.sent)
        MUSTER_TRY(is_unknown ? writer.mark_in_flight(batch.id, now) : writer.remove_sent_batch(batch.id));
      if (apple::classify(error) != Failure::profile_unknown) return {};
      return profile_is_unknown(writer, account(), profile, error.remote.word, now);
    }));
    if (is_unknown) context_.wake(Lane::questions);
    if (apple::classify(error) == Failure::profile_unknown) log_broken(profile, error);
    return {};
  }

  void log_broken(const ProfileUuid& profile, const Error& error) const {
    log::error(
        "rule.broken",
        {{"account", context_.account.name.str()}, {"profile", profile.str()}, {"reason", error.text()}});
  }

  // Apple rejects a call for the sake of a device in it: halves of it go out, and halves of those that are
  // rejected, until the device is isolated. It is parked, the others get their profile at once.
  Result<> take_apart(Batch batch, const Error& error) {
    log::error("assign.call_rejected", {{"account", context_.account.name.str()}, {"reason", error.text()}});
    const std::string& word = apple::code_or_message(error);
    const bool is_first =
        std::all_of(batch.begin(), batch.end(), [](const auto& work) { return work.attempts == 0; });
    const int patience = is_first ? kMostWithoutSuccess : kMostWithoutSuccessAgain;
    int rejections = 1, accepted = 0;
    Batch alone, together;
    std::vector<Part> parts;
    int wholes = 0;
    const auto split = [&](Batch rejected) { take_halves(std::move(rejected), ++wholes, parts, alone); };
    split(std::move(batch));
    while (!parts.empty()) {
      Part part = std::move(parts.back());
      parts.pop_back();
      if (rejections >= kMostRejectedCalls || (accepted == 0 && rejections >= patience)) {
        std::move(part.batch.begin(), part.batch.end(), std::back_inserter(together));
        continue;
      }
      if (part.is_rejected && part.batch.size() > 1) {
        split(std::move(part.batch));
        continue;
      }
      MUSTER_TRY(auto marked, context_.store.write(context_.scope(),
                                                   [&](Writer& writer) { return mark(writer, part.batch); }));
      auto answers = call(marked.batch);
      if (answers) {
        ++accepted;
        // Of two halves of what was rejected, the other one is it.
        if (!parts.empty() && parts.back().whole == part.whole) parts.back().is_rejected = true;
        MUSTER_TRY(store_answers(std::move(marked), *answers));
        continue;
      }
      MUSTER_TRY(not_answered(marked, answers.error()));
      if (apple::classify(answers.error()) != Failure::refused) return failure(answers.error());
      ++rejections;
      split(std::move(part.batch));
    }
    // Where nothing was accepted, the reason need not be the devices that were tried alone.
    if (accepted == 0) std::move(alone.begin(), alone.end(), std::back_inserter(together));
    if (accepted == 0) alone.clear();
    return store_rejections(alone, together, word);
  }

  // The left half is tried first.
  static void take_halves(Batch batch, int whole, std::vector<Part>& parts, Batch& alone) {
    if (batch.size() == 1) {
      alone.push_back(std::move(batch.front()));
      return;
    }
    const auto middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
    parts.push_back({Batch(std::make_move_iterator(middle), std::make_move_iterator(batch.end())), whole});
    batch.erase(middle, batch.end());
    parts.push_back({std::move(batch), whole});
  }

  Result<> store_rejections(const Batch& alone, const Batch& together, const std::string& word) {
    std::vector<assign::WorkStep> steps;
    for (const auto& work : alone) steps.push_back(assign::next_step(work, assign::Rejected{word, true}));
    for (const auto& work : together) steps.push_back(assign::next_step(work, assign::Rejected{word, false}));
    count_and_tell(0, steps);
    return store_steps(steps, {});
  }

  Result<> send_parked() {
    MUSTER_TRY(const auto parked, context_.store.read([&](Reader& r) {
      return r.assignments_in(account(), State::parked, context_.clock.now(), kMostParked);
    }));
    for (const auto& work : parked) {
      MUSTER_TRY(context_.store.write(context_.scope(), [&](Writer& writer) {  // in flight while it is
        Assignment sent = work;
        sent.state = State::in_flight;
        sent.next_try = context_.clock.now() + kParkedCallIsOver;
        return writer.update_assignments(std::span(&sent, 1));
      }));
      auto answers = call({work});
      assign::WorkEvent event = assign::Unanswered{};
      if (answers)
        event = assign::Answered{answers->answer_for(work.serial), answers->retry_after};
      else if (!apple::outcome_unknown(answers.error()))
        event = assign::Rejected{answers.error().remote.word, true};
      const auto step = assign::next_step(work, event);
      if (answers) count_and_tell(step.work.state == State::confirming, {step});
      MUSTER_TRY(store_steps({step}, {}));
      context_.wake(Lane::questions);
      if (!answers && apple::classify(answers.error()) != Failure::refused) return failure(answers.error());
    }
    return {};
  }

  Result<> store_answers(Marked marked, const apple::SerialAnswers& answers) {
    std::vector<assign::WorkStep> others;
    HeldBatch held{std::move(marked.sent), {}};
    held.assignments.reserve(marked.batch.size());
    const ProfileUuid profile = marked.batch.front().profile;
    const Time now = context_.clock.now();
    for (auto& work : marked.batch) {
      const assign::Answered event{answers.answer_for(work.serial), answers.retry_after};
      auto step = assign::next_step(std::move(work), event);
      if (step.work.state == State::confirming) {
        step.work.next_try = now;
        held.assignments.push_back(std::move(step.work));
      } else {
        others.push_back(std::move(step));
      }
    }
    const auto assigned = static_cast<long long>(held.assignments.size());
    count_and_tell(assigned, others);
    log::info("assign.answered", {{"account", context_.account.name.str()},
                                  {"profile", profile.str()},
                                  {"success", assigned},
                                  {"failed", others.size()}});
    MUSTER_TRY(profiles_are_known(context_.store, context_.scope(), {profile}));
    const bool can_hold =
        assigned > 0 && context_.memory.questions_work &&
        context_.memory.held.with([](const auto& queue) { return queue.size() < kMostHeld; });
    if (can_hold) {
      if (!others.empty()) MUSTER_TRY(store_steps(others, {}));
      context_.memory.held_batches.with([&](auto& batches) {
        for (const auto& sent : held.sent) batches.insert(sent.id);
      });
      context_.memory.held.with([&](auto& queue) { queue.push_back(std::move(held)); });
    } else {
      MUSTER_TRY(store_steps(others, held));
    }
    context_.wake(Lane::questions);
    return {};
  }

  // `written_down`: a batch that is not held.
  Result<> store_steps(const std::vector<assign::WorkStep>& steps, const HeldBatch& written_down) {
    const Time now = context_.clock.now();
    Waits waits(now);
    Batch batch = written_down.assignments;
    std::map<std::pair<ProfileUuid, std::string>, DeviceSample> failed;  // by profile and Apple's word
    for (const auto& step : steps) {
      batch.push_back(waiting(step, waits));
      if (step.work.state != State::confirming)
        failed[{step.work.profile, step.work.last_answer}].add(step.work.serial);
    }
    return update_devices(
        context_.store, context_.scope(), [&](Writer& writer, DeviceUpdates& updates) -> Result<> {
          MUSTER_TRY(writer.update_assignments(batch));
          for (const auto& sent : written_down.sent) MUSTER_TRY(writer.remove_sent_batch(sent.id));
          for (const auto& step : steps)
            if (step.note) updates.note(step.work.account, step.work.device, now, *step.note, step.detail);
          for (const auto& [what, devices] : failed)
            MUSTER_TRY(tell_failed(writer, account(), what.first, what.second, devices, now));
          return {};
        });
  }

  // Who was not accepted, by Apple's answer. A few serials are enough for the log; the API has all.
  void count_and_tell(long long assigned, const std::vector<assign::WorkStep>& others) const {
    constexpr size_t kShown = 10;
    struct Group {
      size_t devices = 0;
      std::string serials;
    };
    context_.memory.report.with([&](Report& report) {
      report.assigned += assigned;
      report.failed += static_cast<long long>(others.size());
    });
    std::map<std::string, Group> groups;
    for (const auto& step : others) {
      if (step.work.state == State::confirming) continue;
      Group& group = groups[step.work.last_answer];
      if (group.devices++ < kShown)
        group.serials += (group.serials.empty() ? "" : ",") + step.work.serial.str();
    }
    for (const auto& [word, group] : groups)
      log::warn("assign.rejected", {{"account", context_.account.name.str()},
                                    {"apple_code", word},
                                    {"devices", group.devices},
                                    {"serials", group.serials}});
  }

  // Longer than any call to Apple may take (apple/session/session.cc)
  static constexpr Millis kParkedCallIsOver = std::chrono::minutes(3);

  const LaneContext& context_;
  bool asked_ = false;           // Sent::asked
  bool some_are_lost_ = false;   // a batch may have been marked although that failed
  std::set<ProfileUuid> known_;  // that were unknown before, as Apple's answers to GET /profile tell
};

}  // namespace

Result<Sent> send_assignments(const LaneContext& context) {
  std::atomic<bool>& is_accounted_for = context.memory.sent_is_accounted_for;
  const bool some_are_left = !is_accounted_for.exchange(false);
  Sender sender(context);
  auto sent = sender.send_all(some_are_left);
  is_accounted_for = sent && !sender.some_are_lost();
  return sent;
}

}  // namespace muster::sync
