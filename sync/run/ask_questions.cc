// The lane of questions: what Apple is asked about single devices (POST /devices), 1,000 a call.
//
//   ties       rows that cannot be ordered, or say a new word (ties.h)
//   in flight  assign calls without an answer: did they have an effect?
//   held       assign calls that were answered with SUCCESS a moment ago (send_assignments.cc)
//   looking    devices that lost their profile, or of which an answer was unclear
//   confirming SUCCESS a while ago, not reported yet
//   missing    devices that a full list lacked (missing.h)
//   replacing  devices that stand for others: for which? (GET /device/replacementDetails)
//
// in this order, one call after the other, until nothing is due.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "apple/answers/failure.h"
#include "assign/decide.h"
#include "base/log/log.h"
#include "base/threads/meanwhile.h"
#include "sync/accounts/connect.h"
#include "sync/accounts/feed.h"
#include "sync/inheritance/ask_replacements.h"
#include "sync/inheritance/find_replaced.h"
#include "sync/run/ask_details.h"
#include "sync/run/lanes.h"
#include "sync/run/list_page.h"
#include "sync/run/page.h"
#include "sync/run/ties.h"
#include "sync/work/desired.h"
#include "sync/work/parts.h"
#include "sync/work/profile_trouble.h"
#include "sync/work/work_step.h"

namespace muster::sync {
namespace {

using State = Assignment::State;
using Word = AnswerWord::Kind;

// Of missing devices: many at once are many only because Apple lists them no more, and nobody waits for the
// word.
constexpr int kMostCallsAboutMissing = 10;
constexpr int kCallsStoredAtOnce = 4;
// An answer that is stored later than this may be older than what a list has shown of the device meanwhile.
constexpr Millis kSoon = std::chrono::seconds(10);

AnswerWord word_for(const Details& details, const Serial& serial) {
  const auto found = details.find(serial);
  return found == details.end() ? AnswerWord{} : found->second.response_status;
}

class Questions {
 public:
  explicit Questions(const LaneContext& context) : context_(context), calls_(context) {}

  // A kind whose call Apple rejects does not keep the others from being asked. It is asked once more when
  // another one was answered, for then its devices are the reason, and can be told apart.
  Result<> ask() {
    auto done = ask_all();
    calls_.remember();
    return done;
  }

 private:
  Result<> ask_all() {
    std::optional<Error> rejection;
    std::vector<Kind> kinds = in_order(), rejected;
    while (!kinds.empty() && calls_.is_patient()) {
      if (context_.stop.stop_requested()) return failure(Code::cancelled, "stopped");
      const bool nothing_was_answered = !calls_.answered();
      const auto asked = (this->*kinds.front())();
      if (!asked && apple::classify(asked.error()) != apple::Failure::refused) return failure(asked.error());
      if (!asked) {
        if (!rejection) rejection = asked.error();
        rejected.push_back(kinds.front());
        kinds.erase(kinds.begin());
      } else if (nothing_was_answered && calls_.answered()) {
        kinds = in_order();
        rejected.clear();
      } else if (*asked) {
        kinds = in_order();
        std::erase_if(kinds, [&](Kind kind) { return std::ranges::count(rejected, kind) > 0; });
      } else {
        kinds.erase(kinds.begin());
      }
    }
    if (rejected.empty()) return {};
    return failure(*rejection);
  }

  // One call about what is due of a kind. False when nothing is.
  using Kind = Result<bool> (Questions::*)();

  // After failures another kind begins each time: the calls of an attempt are few, and must not all be one
  // kind's.
  std::vector<Kind> in_order() const {
    std::vector<Kind> kinds{&Questions::ask_about_ties,        &Questions::ask_about_in_flight,
                            &Questions::ask_about_held,        &Questions::ask_about_looking,
                            &Questions::ask_about_confirming,  &Questions::ask_about_missing,
                            &Questions::ask_about_replacements};
    const auto first = static_cast<size_t>(context_.failures) % kinds.size();
    std::rotate(kinds.begin(), kinds.begin() + static_cast<std::ptrdiff_t>(first), kinds.end());
    return kinds;
  }

  Result<bool> ask_about_in_flight() { return ask_about_work(State::in_flight); }
  Result<bool> ask_about_looking() { return ask_about_work(State::looking); }
  Result<bool> ask_about_confirming() { return ask_about_work(State::confirming); }

  Result<std::vector<Assignment>> due(State state) const {
    return context_.store.read([&](Reader& r) {
      return r.assignments_in(context_.account.id, state, context_.clock.now(), apple::kDetailsLimit);
    });
  }

  Result<std::vector<Question>> due(Question::Kind kind) const {
    return context_.store.read([&](Reader& r) {
      return r.questions(context_.account.id, kind, context_.clock.now(), apple::kDetailsLimit);
    });
  }

  template <class Item>
  Result<Details> details_of(const std::vector<Item>& items) {
    std::vector<Serial> serials;
    serials.reserve(items.size());
    for (const auto& item : items) serials.push_back(item.serial);
    return calls_.ask(serials);
  }

  // When Apple was asked.
  struct Asking {
    Tick at;
    Time apples_at;  // by Apple's clock
  };
  Asking asking() const { return {context_.clock.steady(), context_.service.apple_now()}; }
  // The answer took so long, or waited so long to be stored, that a list may have shown something newer:
  // Apple is asked again. A date that is ahead proves nothing.
  bool may_be_old(const Asking& asked, const Device& device) const {
    if (context_.clock.steady() - asked.at <= kSoon || !device.last_op_date) return false;
    return *device.last_op_date >= asked.apples_at - assign::kClocksAgree &&
           *device.last_op_date <= context_.service.apple_now() + assign::kClocksAgree;
  }

  // Batches that were taken from those held, until what Apple reports of them is stored: else they go back
  // there.
  class Taken {
   public:
    explicit Taken(const LaneContext& context) : context_(context) {}
    ~Taken() {
      context_.memory.held.with([&](auto& queue) {
        queue.insert(queue.begin(), std::make_move_iterator(batches_.begin()),
                     std::make_move_iterator(batches_.end()));
      });
    }
    Taken(const Taken&) = delete;
    Taken& operator=(const Taken&) = delete;

    // As many more as one call holds. Returns what they are about.
    std::vector<Assignment> take() {
      return context_.memory.held.with([&](auto& queue) {
        std::vector<Assignment> work;
        while (!queue.empty() && work.size() + queue.front().assignments.size() <= apple::kDetailsLimit) {
          const auto& assignments = queue.front().assignments;
          work.insert(work.end(), assignments.begin(), assignments.end());
          batches_.push_back(std::move(queue.front()));
          queue.pop_front();
        }
        return work;
      });
    }
    // Of the batches that hold the first `count` assignments.
    std::vector<SentBatchId> ids_of(size_t count) const {
      std::vector<SentBatchId> ids;
      for (size_t i = 0, seen = 0; i < batches_.size() && seen < count;
           seen += batches_[i++].assignments.size())
        for (const auto& part : batches_[i].sent) ids.push_back(part.id);
      return ids;
    }
    void stored(size_t count) {
      size_t batches = 0;
      for (size_t seen = 0; batches < batches_.size() && seen < count;)
        seen += batches_[batches++].assignments.size();
      const auto end = batches_.begin() + static_cast<std::ptrdiff_t>(batches);
      context_.memory.held_batches.with([&](auto& held) {
        for (auto batch = batches_.begin(); batch != end; ++batch)
          for (const auto& part : batch->sent) held.erase(part.id);
      });
      batches_.erase(batches_.begin(), end);
    }

   private:
    const LaneContext& context_;
    std::vector<HeldBatch> batches_;
  };

  // Apple is asked about the next batches while reports are stored, those of several calls at once: batches
  // of one profile have devices from all over the table, and a page of it that is changed for one is changed
  // for the next one as well.
  Result<bool> ask_about_held() {
    Taken taken(context_);
    auto asked = taken.take();
    if (asked.empty()) return false;
    Asking when = asking();
    auto details = details_of(asked);
    std::vector<Assignment> answered;
    Details reports;
    int calls = 0;
    while (details) {
      answered.insert(answered.end(), asked.begin(), asked.end());
      reports.merge(std::move(*details));
      asked = taken.take();
      const Asking when_next = asking();
      Meanwhile<Result<Details>> next(context_.read_ahead && !asked.empty(),
                                      [&] { return details_of(asked); });
      if (asked.empty() || ++calls % kCallsStoredAtOnce == 0) {
        MUSTER_TRY(store_held(taken, answered, reports, when));
        when = when_next;
      }
      if (asked.empty()) return true;
      details = next.get();
    }
    MUSTER_TRY(store_held(taken, answered, reports, when));
    MUSTER_TRY(write_down(asked, taken.ids_of(asked.size())));
    taken.stored(asked.size());
    return failure(details.error());
  }

  // What was answered, which is what was taken first.
  Result<> store_held(Taken& taken, std::vector<Assignment>& answered, Details& reports, const Asking& when) {
    if (answered.empty()) return {};
    MUSTER_TRY(store_reports(std::exchange(answered, {}), &taken, std::exchange(reports, {}), when));
    return {};
  }

  Result<bool> ask_about_work(State state) {
    MUSTER_TRY(auto work, due(state));
    if (work.empty()) return false;
    const Asking when = asking();
    MUSTER_TRY(auto details, details_of(work));
    return store_reports(std::move(work), nullptr, std::move(details), when);
  }

  // `taken`: whose batches these are the first of; they end with this.
  Result<bool> store_reports(std::vector<Assignment> work, Taken* taken, Details details,
                             const Asking& when) {
    const size_t count = work.size();
    const auto sent = taken ? taken->ids_of(count) : std::vector<SentBatchId>();
    const Time now = context_.clock.now();
    MUSTER_TRY(const auto settled,
               update_devices(
                   context_.store, context_.scope(), std::pair(std::move(work), std::move(details)),
                   [&](Writer& writer, DeviceUpdates& updates, auto own) -> Result<Settled> {
                     for (const SentBatchId id : sent) MUSTER_TRY(writer.remove_sent_batch(id));
                     MUSTER_TRY(auto done, settle_work(writer, updates, own.first, own.second, when, now));
                     MUSTER_TRY(tell_confirmed(writer, context_.account.id, done.confirmed, now));
                     return done;
                   }));
    if (taken) taken->stored(count);
    for (const auto& serial : settled.not_accessible)
      log::warn("device.not_accessible",
                {{"account", context_.account.name.str()}, {"serial", serial.str()}});
    context_.memory.counts->add_assigned(settled.assigned_after);
    std::set<ProfileUuid> known;  // a profile that Apple reports is one that it knows
    context_.memory.report.with([&](Report& report) {
      for (const auto& [profile, devices] : settled.confirmed) {
        report.confirmed += devices.count;
        known.insert(profile);
      }
    });
    if (!known.empty()) MUSTER_TRY(profiles_are_known(context_.store, context_.scope(), known));
    context_.wake(Lane::assignment);  // some may be due again
    return true;
  }

  // What Apple answered is kept as it is; the report is read when it can be had.
  Result<> write_down(const std::vector<Assignment>& work, const std::vector<SentBatchId>& sent) {
    return context_.store.write(context_.scope(), [&](Writer& writer) -> Result<> {
      MUSTER_TRY(writer.update_assignments(work));
      for (const SentBatchId id : sent) MUSTER_TRY(writer.remove_sent_batch(id));
      return {};
    });
  }

  struct Settled {
    std::map<ProfileUuid, DeviceSample> confirmed;  // DeviceUpdates::confirmed()
    std::vector<Serial> not_accessible;
    std::vector<Millis> assigned_after;  // DeviceUpdates::assigned_after()
  };

  Result<Settled> settle_work(Writer& writer, DeviceUpdates& updates, std::vector<Assignment>& work,
                              Details& details, const Asking& when, Time now) {
    std::vector<DeviceId> ids;
    ids.reserve(work.size());
    for (const auto& assignment : work) ids.push_back(assignment.device);
    MUSTER_TRY(updates.load_assignments(ids));
    MUSTER_TRY(auto found, writer.devices(ids));
    std::unordered_map<DeviceId, Device*> devices;
    for (auto& device : found) {
      Device& kept = updates.keep(std::move(device));
      devices[kept.id] = &kept;
    }

    Settled settled;
    std::vector<Assignment> again;
    Waits waits(now);
    for (auto& assignment : work) {
      const auto known = devices.find(assignment.device);
      if (known == devices.end()) continue;  // erased meanwhile
      Device& device = *known->second;
      if (may_be_old(when, device)) {
        assignment.next_try = now + kSoon;  // other kinds have their turn before
        again.push_back(assignment);
        continue;
      }
      const AnswerWord word = word_for(details, assignment.serial);
      assign::WorkEvent event = assign::NotReported{word};
      if (word.kind == Word::success && !device.tombstone) {
        observe_answer(device, std::move(details.at(assignment.serial).report.facts));
        updates.update(device);
        MUSTER_TRY(event, report_of(updates, device, assignment, now));
      }
      // Something else is wanted by now, and what was sent may have undone it.
      MUSTER_TRY(const bool current, is_current(updates, assignment));
      if (!current && word.is_success() && !device.tombstone && !device.desired.profile.empty()) {
        MUSTER_TRY(settle_observed(updates, device, now));
        continue;
      }
      const bool was_there = !device.tombstone;
      MUSTER_TRY(take_step(updates, device, assignment, event, waits, now));
      if (was_there && device.tombstone) settled.not_accessible.push_back(assignment.serial);
    }
    if (!again.empty()) MUSTER_TRY(writer.update_assignments(again));
    settled.confirmed = updates.confirmed();
    settled.assigned_after = updates.assigned_after();
    return settled;
  }

  Result<assign::WorkEvent> report_of(DeviceUpdates& updates, const Device& device, const Assignment& work,
                                      Time now) const {
    assign::Reported event{
        .has_profile = device.facts.has_profile(work.profile),
        .status_is_known = profile_status_of(device.facts.profile_status) != ProfileStatus::unknown};
    if (!event.has_profile && work.state == State::looking) {
      MUSTER_TRY(event.repaired_too_often,
                 happens_too_often(updates, device, HistoryEntry::Kind::repaired, now));
    }
    return event;
  }

  Result<bool> ask_about_ties() {
    MUSTER_TRY(auto ties, due(Question::Kind::tie));
    if (ties.empty()) return false;
    const Time asked_at = context_.service.apple_now();
    MUSTER_TRY(auto details, details_of(ties));
    const Time now = context_.clock.now();
    std::vector<DeviceReport> rows;
    std::vector<Serial> settled;
    std::vector<Question> unclear;
    for (auto& tie : ties) {
      const AnswerWord word = word_for(details, tie.serial);
      const bool is_here = word.kind == Word::success;
      if (!is_here && !word.is_gone()) {
        unclear.push_back(asked_again(std::move(tie), now));
        continue;
      }
      rows.push_back(settled_row(tie, is_here ? &details.at(tie.serial).report : nullptr));
      settled.push_back(tie.serial);
    }
    const assign::ListTime undated;
    MUSTER_TRY(const auto replaced, find_replaced(context_, context_.memory.replacements_are_failing,
                                                  {rows, assign::Source::sync, undated}));
    MUSTER_TRY(const auto outcome,
               context_.store.write(
                   context_.scope(), std::move(rows),
                   [&](Writer& writer, std::vector<DeviceReport> own) -> Result<PageOutcome> {
                     MUSTER_TRY(writer.remove_questions(context_.account.id, Question::Kind::tie, settled));
                     MUSTER_TRY(writer.put_questions(unclear));
                     return apply_rows(writer,
                                       {.account = context_.account.id,
                                        .account_name = context_.account.name,
                                        .source = assign::Source::sync,
                                        .policy = context_.policy,
                                        .now = now,
                                        .asked_at = asked_at,
                                        .inherit = context_.account.inherit_replacements,
                                        .replaced = replaced},
                                       std::move(own));
                   }));
    tell_outcome(context_, outcome);
    context_.wake(Lane::assignment);
    return true;
  }

  Result<bool> ask_about_missing() {
    if (calls_about_missing_ >= kMostCallsAboutMissing) return false;
    MUSTER_TRY(auto missing, due(Question::Kind::missing));
    if (missing.empty()) return false;
    ++calls_about_missing_;
    // What the list of changes has from before that, and returns later, is older than Apple's answer.
    std::optional<Time> known_until;
    if (context_.service.apple_offset()) known_until = context_.service.apple_now() - assign::kClocksAgree;
    const Asking when = asking();
    MUSTER_TRY(auto details, details_of(missing));
    const Time now = context_.clock.now();
    const AccountId account = context_.account.id;
    std::vector<Serial> serials, settled;
    std::vector<Question> unclear;
    for (auto& question : missing) {
      const AnswerWord word = word_for(details, question.serial);
      serials.push_back(question.serial);
      if (word.kind == Word::success || word.is_gone())
        settled.push_back(question.serial);
      else
        unclear.push_back(asked_again(std::move(question), now));
    }
    MUSTER_TRY(
        const int left,
        update_devices(context_.store, context_.scope(), std::move(details),
                       [&](Writer& writer, DeviceUpdates& updates, Details own) -> Result<int> {
                         MUSTER_TRY(writer.remove_questions(account, Question::Kind::missing, settled));
                         MUSTER_TRY(writer.put_questions(unclear));
                         MUSTER_TRY(auto found, writer.devices(account, settled));
                         int left_now = 0;
                         for (auto& stored : found) {
                           if (stored.tombstone || may_be_old(when, stored)) continue;
                           Device& device = updates.keep(std::move(stored));
                           if (word_for(own, device.serial).is_gone()) {
                             device.asked_after = std::max(device.asked_after, known_until);
                             bury(updates, device, Tombstone::Reason::absent, now);
                             ++left_now;
                             continue;
                           }
                           observe_answer(device, std::move(own.at(device.serial).report.facts));
                           updates.update(device);
                           if (!device.desired.profile.empty())
                             MUSTER_TRY(settle_observed(updates, device, now));
                         }
                         MUSTER_TRY(tell_arrivals(writer, account, {.left = left_now}, now));
                         return left_now;
                       }));
    context_.memory.report.with([&](Report& report) { report.left += left; });
    return true;
  }

  Result<bool> ask_about_replacements() {
    return sync::ask_about_replacements(context_, context_.memory.replacements_are_failing);
  }

  static Question asked_again(Question question, Time now) {
    question.next_try = now + unclear_wait(++question.attempts);
    return question;
  }

  const LaneContext& context_;
  DetailCalls calls_;
  int calls_about_missing_ = 0;
};

}  // namespace

Result<> ask_questions(const LaneContext& context) { return Questions(context).ask(); }

}  // namespace muster::sync
