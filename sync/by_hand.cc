#include "sync/by_hand.h"

#include <algorithm>
#include <boost/json.hpp>

#include "apple/failure.h"
#include "base/log.h"
#include "http/json.h"
#include "sync/backoff.h"
#include "sync/desired.h"
#include "sync/parts.h"
#include "sync/wish.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;
using State = Assignment::State;

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
Result<> settle_wish(Writer& writer, Changes& changes, const RunContext& context, const Wish& wish,
                     const std::string& answer, const apple::SerialAnswers& answers, Time now) {
  if (answer == "NOT_ACCESSIBLE")
    return take_back(writer, changes, wish, now);  // not a device of this account
  const bool taken = answer == "SUCCESS";
  if (taken) MUSTER_TRY(revive(writer, changes, wish.device));
  Millis wait = taken ? Millis(0) : device_wait(1);
  if (answer == "THROTTLED") wait = answers.retry_after ? Millis(*answers.retry_after) : kThrottleWait;
  changes.note(wish.device, now, Kind::answered, answer + " " + wish.desired.profile.str());
  MUSTER_TRY(
      put_if_current(changes, {.device = wish.device,
                               .serial = wish.serial,
                               .account = context.account.id,
                               .profile = wish.desired.profile,
                               .state = taken ? State::confirming : State::due,
                               .urgency = taken ? Assignment::Urgency::arrival : Assignment::Urgency::retry,
                               .attempts = taken ? 0 : 1,
                               .next_try = now + wait,
                               .last_answer = answer,
                               .created_at = *wish.desired.at}));
  return {};
}

Result<apple::SerialAnswers> assign_part(const RunContext& context, const ProfileUuid& profile,
                                         std::span<const Serial> serials) {
  const Time begun = context.clock.now();
  constexpr const char* kGoesOn =
      "Apple may have done it all the same. Muster asks, and goes on by itself; `mdmctl get dep-devices` shows how it "
      "ends";
  MUSTER_TRY(const auto wishes, change(context.store, [&](Writer& writer, Changes& changes) {
               return wish_profile(writer, changes, context.account.id, profile, serials, begun,
                                   begun + kCallIsOver);
             }));
  const auto answers = context.service.assign(profile, serials, context.stop);
  if (!answers) return failure(failed(context, wishes, answers.error(), kGoesOn));
  MUSTER_TRY(change(context.store, [&](Writer& writer, Changes& changes) -> Result<> {
    for (const auto& wish : wishes) {
      const auto found = answers->answers.find(wish.serial);
      const std::string answer = found == answers->answers.end() ? kNoAnswer : found->second;
      MUSTER_TRY(settle_wish(writer, changes, context, wish, answer, *answers, context.clock.now()));
    }
    return {};
  }));
  return *answers;
}

Result<apple::SerialAnswers> remove_part(const RunContext& context, std::span<const Serial> serials) {
  constexpr const char* kAskAgain =
      "Apple may have removed it or not; the rules leave the devices alone from now on. Ask again to be sure";
  MUSTER_TRY(const auto wishes, change(context.store, [&](Writer& writer, Changes& changes) {
               return wish_hold(writer, changes, context.account.id, serials, context.clock.now());
             }));
  const auto answers = context.service.remove_profile(serials, context.stop);
  if (!answers) return failure(failed(context, wishes, answers.error(), kAskAgain));
  MUSTER_TRY(change(context.store, [&](Writer& writer, Changes& changes) -> Result<> {
    const Time now = context.clock.now();
    for (const auto& wish : wishes) {
      const auto found = answers->answers.find(wish.serial);
      if (found == answers->answers.end() || found->second != "SUCCESS") {
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
  return merged(serials, [&](auto part) { return assign_part(context, profile, part); });
}

Result<apple::SerialAnswers> remove_by_hand(const RunContext& context, std::span<const Serial> serials) {
  return merged(serials, [&](auto part) { return remove_part(context, part); });
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
