#include "sync/inheritance/ask_replacements.h"

#include <algorithm>

#include "apple/answers/failure.h"
#include "base/time/backoff.h"
#include "sync/inheritance/find_replaced.h"

namespace muster::sync {
namespace {

constexpr size_t kMostDue = 1000;
// Calls before their answers are stored.
constexpr size_t kCallsStored = 20;

// What became of the questions of one turn.
struct TurnOutcome {
  Replaced replaced{};              ///< by Apple's answers
  std::vector<Serial> settled{};    ///< nobody asks about them any more
  std::vector<Serial> given_up{};   ///< of these: Apple was asked often enough
  std::vector<Question> put_off{};  ///< to be asked again
  bool is_failing = false;          ///< Apple did not answer the last call
};

void put_off(TurnOutcome& turn, Question question, Time now) {
  question.next_try = now + unclear_wait(++question.attempts);
  if (question.attempts < kMostAsksAboutReplacement) {
    turn.put_off.push_back(std::move(question));
    return;
  }
  turn.settled.push_back(question.serial);
  turn.given_up.push_back(question.serial);
}

// An error that is about all calls ends the turn.
Result<> ask(const RunContext& context, TurnOutcome& turn, Question question, Time now) {
  const auto answer = context.service.replacement(question.serial, context.stop);
  if (!answer) {
    const auto failed = apple::classify(answer.error());
    if (apple::is_held_back(answer.error())) return failure(answer.error());
    if (failed != apple::Failure::refused && failed != apple::Failure::wait) return failure(answer.error());
    turn.is_failing = failed == apple::Failure::wait;
  }
  const Serial* original = answer ? original_in(*answer, question.serial) : nullptr;
  if (original) {
    turn.settled.push_back(question.serial);
    turn.replaced.emplace(question.serial, *original);
  } else {
    put_off(turn, std::move(question), now);
  }
  return {};
}

Result<TurnOutcome> ask_all(const RunContext& context, std::vector<Question> questions, Time now) {
  TurnOutcome turn;
  size_t calls = 0;
  for (auto& question : questions) {
    if (!context.account.inherit_replacements)  // not any more
      turn.settled.push_back(question.serial);
    else if (turn.is_failing)
      put_off(turn, std::move(question), now);
    else if (calls++ == kCallsStored)
      break;
    else
      MUSTER_TRY(ask(context, turn, std::move(question), now));
  }
  return turn;
}

Result<> store_turn(Writer& writer, DeviceUpdates& updates, const RunContext& context,
                    const TurnOutcome& turn, Time now) {
  const AccountId account = context.account.id;
  MUSTER_TRY(writer.remove_questions(account, Question::Kind::replacement, turn.settled));
  MUSTER_TRY(writer.put_questions(turn.put_off));
  MUSTER_TRY(auto inheritance, Inheritance::load(writer, account, turn.replaced));
  MUSTER_TRY(auto found, writer.devices(account, turn.settled));
  std::map<Serial, Device*> devices;
  for (auto& stored : found) {
    Device& device = updates.keep(std::move(stored));
    devices.emplace(device.serial, &device);
  }
  for (const auto& [serial, device] : devices) {
    MUSTER_TRY(const bool has, has_inherited(updates, *device));
    if (device->tombstone || has) continue;
    if (std::ranges::count(turn.given_up, serial) > 0)
      updates.note(*device, now, HistoryEntry::Kind::inherited,
                   "replaces a device that Apple does not name: nothing was taken over");
    const Serial* const original = inheritance.original_of(serial);
    if (!original) continue;
    const auto known = devices.find(*original);  // it may inherit in this turn, too
    MUSTER_TRY(inherit_late(updates, inheritance, *device, known == devices.end() ? nullptr : known->second,
                            now, context.service.apple_now()));
  }
  return inheritance.write(writer, now);
}

}  // namespace

Result<bool> ask_about_replacements(const RunContext& context, std::atomic<bool>& is_failing) {
  const Time now = context.clock.now();
  MUSTER_TRY(auto questions, context.store.read([&](Reader& r) {
    return r.questions(context.account.id, Question::Kind::replacement, now, kMostDue);
  }));
  if (questions.empty()) return false;
  MUSTER_TRY(const auto turn, ask_all(context, std::move(questions), now));
  is_failing = turn.is_failing;
  MUSTER_TRY(update_devices(context.store, context.scope(), [&](Writer& writer, DeviceUpdates& updates) {
    return store_turn(writer, updates, context, turn, now);
  }));
  return true;
}

}  // namespace muster::sync
