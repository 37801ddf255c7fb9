#include "sync/work/manual.h"

#include <boost/json.hpp>
#include <unordered_map>

#include "apple/answers/failure.h"
#include "base/log/log.h"
#include "base/text/json.h"
#include "sync/work/desired.h"
#include "sync/work/device_audit.h"
#include "sync/work/intent.h"
#include "sync/work/parts.h"
#include "sync/work/profile_trouble.h"
#include "sync/work/work_step.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;

// Longer than any call to Apple may take (apple/session/session.cc): until then the worker leaves the devices
// alone.
constexpr Millis kCallIsOver = std::chrono::minutes(3);

// Calls each(writer, updates, the intents' devices) in one transaction.
template <class Fn>
Result<> settle(const RunContext& context, const std::vector<Intent>& intents, Fn each) {
  return update_devices(context.store, context.account.id,
                        [&](Writer& writer, DeviceUpdates& updates) -> Result<> {
                          writer.note_no_change();  // the intents were noted
                          MUSTER_TRY(const auto devices, load_devices(writer, updates, intents));
                          return each(writer, updates, devices);
                        });
}

Result<> revert_all(const RunContext& context, const std::vector<Intent>& intents) {
  return settle(context, intents, [&](Writer&, DeviceUpdates& updates, const IntentDevices& devices) {
    for (const auto& intent : intents) revert(updates, devices, intent, context.clock.now());
    return Result<>();
  });
}

// The call failed. Where Apple may have done it all the same, the intents stay, and the worker looks.
Error report_failed_call(const RunContext& context, const std::vector<Intent>& intents, const Error& error,
                         const char* what_now) {
  if (apple::outcome_unknown(error)) return apple::with_what_may_be(error, what_now);
  const auto reverted = revert_all(context, intents);
  return reverted ? error : reverted.error();
}

// One device's answer to an assignment manually.
Result<> settle_intent(DeviceUpdates& updates, const IntentDevices& devices, const Intent& intent,
                       const apple::SerialAnswers& answers, Waits& waits, Time now) {
  const assign::Answered answer{answers.answer_for(intent.serial), answers.retry_after};
  if (answer.word.is_gone()) {  // not a device of this account
    revert(updates, devices, intent, now);
    return {};
  }
  const auto found = devices.find(intent.device);
  Device* const device = found == devices.end() ? nullptr : found->second;
  if (answer.word.is_success() && device && device->tombstone) {
    device->tombstone.reset();  // Apple took it, so it is there, whatever we thought
    updates.update(*device);
  }
  MUSTER_TRY(const Assignment* const present, updates.assignment(intent.device));
  if (!present || present->created_at != intent.created_at)
    return {};  // an operator requested something else in the meantime
  if (!answer.word.is_success() && device && device->facts.has_profile(intent.desired.profile)) {
    updates.remove_assignment(intent.device);  // it had the profile before: there is nothing to repeat
    return {};
  }
  const auto step = assign::next_step(*present, answer);
  updates.note(present->account, intent.device, now, Kind::answered,
               step.work.last_answer + " " + intent.desired.profile.str());
  updates.put_assignment(waiting(step, waits));
  return {};
}

IntentTime intent_time(const RunContext& context) {
  return {context.clock.now(), context.service.apple_now()};
}

Result<apple::SerialAnswers> assign_part(const RunContext& context, const ProfileUuid& profile,
                                         std::span<const Serial> serials) {
  const IntentTime time = intent_time(context);
  constexpr const char* kContinues =
      "The assignment may have succeeded nevertheless. Muster checks and continues automatically; `mdmctl get "
      "dep-devices` shows the result";
  MUSTER_TRY(const auto intents,
             update_devices(context.store, context.account.id, [&](Writer& writer, DeviceUpdates& updates) {
               writer.note_change(device_change("devices.assigned", serials, profile));
               return store_profile_intent(writer, updates, context.account.id, profile, serials, time,
                                           time.now + kCallIsOver);
             }));
  const auto answers = context.service.assign(profile, serials, context.stop);
  if (!answers) return failure(report_failed_call(context, intents, answers.error(), kContinues));
  MUSTER_TRY(settle(context, intents,
                    [&](Writer& writer, DeviceUpdates& updates, const IntentDevices& devices) -> Result<> {
                      const Time now = context.clock.now();
                      Waits waits(now);
                      for (const auto& intent : intents)
                        MUSTER_TRY(settle_intent(updates, devices, intent, *answers, waits, now));
                      return profile_is_known(writer, context.account.id, profile);
                    }));
  return *answers;
}

Result<apple::SerialAnswers> remove_part(const RunContext& context, std::span<const Serial> serials) {
  constexpr const char* kTryAgain =
      "The profile may have been removed nevertheless. The devices are on hold. To be sure, remove it again";
  MUSTER_TRY(const auto intents,
             update_devices(context.store, context.account.id, [&](Writer& writer, DeviceUpdates& updates) {
               writer.note_change(device_change("devices.profile_removed", serials));
               return store_hold_intent(writer, updates, context.account.id, serials, intent_time(context));
             }));
  const auto answers = context.service.remove_profile(serials, context.stop);
  if (!answers) return failure(report_failed_call(context, intents, answers.error(), kTryAgain));
  MUSTER_TRY(settle(context, intents, [&](Writer&, DeviceUpdates& updates, const IntentDevices& devices) {
    const Time now = context.clock.now();
    for (const auto& intent : intents) {
      if (!answers->answer_for(intent.serial).is_success()) {
        revert(updates, devices, intent, now);
        continue;
      }
      const auto found = devices.find(intent.device);
      if (found == devices.end()) continue;
      found->second->facts.profile_status = "removed";
      updates.update(*found->second);
    }
    return Result<>();
  }));
  return *answers;
}

}  // namespace

Result<apple::SerialAnswers> assign_manually(const RunContext& context, const ProfileUuid& profile,
                                             std::span<const Serial> serials) {
  auto answers = in_calls(serials, [&](auto part) { return assign_part(context, profile, part); });
  context.wake(Lane::questions);  // reads back what Apple accepted, and looks after what it did not answer
  context.wake(Lane::assignment);
  return answers;
}

Result<apple::SerialAnswers> remove_manually(const RunContext& context, std::span<const Serial> serials) {
  auto answers = in_calls(serials, [&](auto part) { return remove_part(context, part); });
  context.wake(Lane::assignment);  // what Apple rejected waits for its profile as before
  return answers;
}

Result<> forget_devices(Store& store, AccountId account, std::span<const Serial> serials, Time now) {
  return update_devices(store, account, [&](Writer& writer, DeviceUpdates& updates) -> Result<> {
    MUSTER_TRY(const auto owner, writer.account(account));
    const auto named = distinct(serials);
    writer.note_change(device_change("devices.removed", named));
    MUSTER_TRY(auto stored, writer.devices(account, named));
    std::unordered_map<Serial, Device*> by_serial;
    for (auto& device : stored) by_serial.emplace(device.serial, &device);
    for (const auto& serial : named) {
      const auto found = by_serial.find(serial);
      if (found == by_serial.end() || found->second->tombstone)
        return failure(Code::not_found, "no device with the serial number " + serial.str(),
                       "No device was removed");
      Device& device = updates.keep(std::move(*found->second));
      if (owner) ignore_rows_before(device, *owner, now);
      bury(updates, device, Tombstone::Reason::removed, now);
    }
    return {};
  });
}

}  // namespace muster::sync
