#include "sync/by_hand.h"

#include <algorithm>
#include <boost/json.hpp>

#include "apple/failure.h"
#include "base/log.h"
#include "http/json.h"
#include "sync/desired.h"
#include "sync/parts.h"
#include "sync/profile_trouble.h"
#include "sync/wish.h"
#include "sync/work_step.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;

// Longer than any call to Apple may take (apple/session.cc): until then the worker leaves the devices alone.
constexpr Millis kCallIsOver = std::chrono::minutes(3);

Result<> take_all_back(const RunContext& context, const std::vector<Wish>& wishes) {
  return change(context.store, [&](Writer& writer, Changes& changes) -> Result<> {
    for (const auto& wish : wishes) MUSTER_TRY(take_back(writer, changes, wish, context.clock.now()));
    return {};
  });
}

// The call failed. Where Apple may have done it all the same, the wishes stay, and the worker looks.
Error failed(const RunContext& context, const std::vector<Wish>& wishes, const Error& error,
             const char* what_now) {
  if (apple::outcome_unknown(error)) {
    Error outer = error;
    outer.hint = what_now + (error.hint.empty() ? "" : ". " + error.hint);
    return outer;
  }
  const auto taken_back = take_all_back(context, wishes);
  return taken_back ? error : taken_back.error();
}

// Apple took it, so it is there, whatever we thought.
Result<> revive(Writer& writer, Changes& changes, DeviceId id) {
  MUSTER_TRY(auto device, writer.device(id));
  if (!device || !device->tombstone) return {};
  device->tombstone.reset();
  changes.update(changes.keep(std::move(*device)));
  return {};
}

// One device's answer to an assignment by hand.
Result<> settle_wish(Writer& writer, Changes& changes, const Wish& wish, const apple::SerialAnswers& answers,
                     Waits& waits, Time now) {
  const assign::Answered answer{answers.answer_for(wish.serial), answers.retry_after};
  if (answer.word.is_gone()) return take_back(writer, changes, wish, now);  // not a device of this account
  if (answer.word.is_success()) MUSTER_TRY(revive(writer, changes, wish.device));
  MUSTER_TRY(const Assignment* const present, changes.assignment(wish.device));
  if (!present || present->created_at != wish.created_at)
    return {};  // somebody wished something else meanwhile
  MUSTER_TRY(const auto device, writer.device(wish.device));
  if (!answer.word.is_success() && device && device->facts.has_profile(wish.desired.profile)) {
    changes.remove_assignment(wish.device);  // it had the profile before: there is nothing to repeat
    return {};
  }
  const auto step = assign::next_step(*present, answer);
  changes.note(present->account, wish.device, now, Kind::answered,
               step.work.last_answer + " " + wish.desired.profile.str());
  changes.put_assignment(waiting(step, waits));
  return {};
}

WishTime wish_time(const RunContext& context) { return {context.clock.now(), context.service.apple_now()}; }

Result<apple::SerialAnswers> assign_part(const RunContext& context, const ProfileUuid& profile,
                                         std::span<const Serial> serials) {
  const WishTime time = wish_time(context);
  constexpr const char* kGoesOn =
      "Apple may have done it all the same. Muster asks, and goes on by itself; `mdmctl get dep-devices` shows how it "
      "ends";
  MUSTER_TRY(const auto wishes, change(context.store, [&](Writer& writer, Changes& changes) {
               return wish_profile(writer, changes, context.account.id, profile, serials, time,
                                   time.now + kCallIsOver);
             }));
  const auto answers = context.service.assign(profile, serials, context.stop);
  if (!answers) return failure(failed(context, wishes, answers.error(), kGoesOn));
  MUSTER_TRY(change(context.store, [&](Writer& writer, Changes& changes) -> Result<> {
    const Time now = context.clock.now();
    Waits waits(now);
    for (const auto& wish : wishes) MUSTER_TRY(settle_wish(writer, changes, wish, *answers, waits, now));
    return profile_is_known(writer, context.account.id, profile);
  }));
  return *answers;
}

Result<apple::SerialAnswers> remove_part(const RunContext& context, std::span<const Serial> serials) {
  constexpr const char* kAskAgain =
      "Apple may have removed it or not; the rules leave the devices alone from now on. Ask again to be sure";
  MUSTER_TRY(const auto wishes, change(context.store, [&](Writer& writer, Changes& changes) {
               return wish_hold(writer, changes, context.account.id, serials, wish_time(context));
             }));
  const auto answers = context.service.remove_profile(serials, context.stop);
  if (!answers) return failure(failed(context, wishes, answers.error(), kAskAgain));
  MUSTER_TRY(change(context.store, [&](Writer& writer, Changes& changes) -> Result<> {
    const Time now = context.clock.now();
    for (const auto& wish : wishes) {
      if (!answers->answer_for(wish.serial).is_success()) {
        MUSTER_TRY(take_back(writer, changes, wish, now));
        continue;
      }
      MUSTER_TRY(auto device, writer.device(wish.device));
      if (!device) continue;
      device->facts.profile_status = "removed";
      changes.update(changes.keep(std::move(*device)));
    }
    return {};
  }));
  return *answers;
}

// In calls of at most 1,000.
template <class Part>
Result<apple::SerialAnswers> merged(std::span<const Serial> serials, Part part) {
  apple::SerialAnswers all;
  MUSTER_TRY(in_parts(serials, apple::kAssignLimit, [&](std::span<const Serial> next) -> Result<> {
    MUSTER_TRY(auto answers, part(next));
    all.answers.merge(answers.answers);
    if (answers.retry_after) all.retry_after = answers.retry_after;
    return {};
  }));
  return all;
}

}  // namespace

Result<apple::SerialAnswers> assign_by_hand(const RunContext& context, const ProfileUuid& profile,
                                            std::span<const Serial> serials) {
  auto answers = merged(serials, [&](auto part) { return assign_part(context, profile, part); });
  context.wake(Lane::questions);  // reads back what Apple accepted, and looks after what it did not answer
  context.wake(Lane::assignment);
  return answers;
}

Result<apple::SerialAnswers> remove_by_hand(const RunContext& context, std::span<const Serial> serials) {
  auto answers = merged(serials, [&](auto part) { return remove_part(context, part); });
  context.wake(Lane::assignment);  // what Apple refused waits for its profile as before
  return answers;
}

Result<> forget_devices(Store& store, AccountId account, std::span<const Serial> serials, Time now) {
  return change(store, [&](Writer& writer, Changes& changes) -> Result<> {
    for (const auto& serial : serials) {
      MUSTER_TRY(auto found, writer.devices(account, std::span(&serial, 1)));
      if (found.empty() || found.front().tombstone)
        return failure(Code::not_found, "no device with the serial number " + serial.str(),
                       "Nothing was removed");
      bury(changes, changes.keep(std::move(found.front())), Tombstone::Reason::removed, now);
    }
    return {};
  });
}

}  // namespace muster::sync
