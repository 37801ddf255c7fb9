#include "sync/work/work_step.h"

#include "base/log/log.h"
#include "sync/work/desired.h"

namespace muster::sync {
namespace {

using Then = assign::WorkStep::Then;
using Kind = HistoryEntry::Kind;

void tell(const assign::WorkStep& step) {
  if (!step.note) return;
  const std::string& serial = step.work.serial.str();
  const std::string& profile = step.work.profile.str();
  switch (*step.note) {
    case Kind::contested: log::warn("device.contested", {{"serial", serial}, {"profile", profile}}); break;
    case Kind::repaired: log::info("device.drifted", {{"serial", serial}, {"profile", profile}}); break;
    case Kind::not_confirmed:
      log::warn("assign.not_confirmed", {{"serial", serial}, {"profile", profile}});
      break;
    default: break;
  }
}

}  // namespace

Assignment waiting(const assign::WorkStep& step, Waits& waits) {
  Assignment work = step.work;
  // Our own waits have jitter, Apple's have not.
  const bool is_apples = read_answer_word(work.last_answer).kind == AnswerWord::Kind::throttled;
  const bool is_retry = work.state == Assignment::State::due && !is_apples;
  work.next_try = is_retry ? waits.retry_after(step.wait) : waits.after(step.wait);
  return work;
}

Result<> take_step(DeviceUpdates& updates, Device& device, const Assignment& work,
                   const assign::WorkEvent& event, Waits& waits, Time now) {
  MUSTER_TRY(const bool current, is_current(updates, work));
  if (!current) return {};
  const auto step = assign::next_step(work, event);
  tell(step);
  if (step.note) updates.note(device, now, *step.note, step.detail);
  switch (step.then) {
    case Then::go_on: updates.put_assignment(waiting(step, waits)); break;
    case Then::done: updates.complete_assignment(device, work, now); break;
    case Then::left: bury(updates, device, Tombstone::Reason::not_accessible, now); break;
    case Then::contested:
      device.contested_at = now;
      updates.update(device);
      updates.remove_assignment(device.id);
      break;
  }
  return {};
}

}  // namespace muster::sync
