#include "sync/read_back.h"

#include <unordered_map>

#include "base/log.h"
#include "sync/backoff.h"
#include "sync/desired.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using State = Assignment::State;
using Kind = HistoryEntry::Kind;

// Apple's report may lag behind its own answer: design section 2 gives it this long.
constexpr Millis kConfirmWait = 15min;
constexpr const char* kNotConfirmed = "SUCCESS, not confirmed";

// Apple shows a device without the profile it had.
Result<> repair(Changes& changes, Assignment assignment, Device& device, Time now) {
  MUSTER_TRY(const bool too_often, happens_too_often(changes, device, Kind::repaired, now));
  if (too_often) {
    device.contested_at = now;
    changes.update(device);
    changes.note(device, now, Kind::contested, assignment.profile.str());
    log::warn("device.contested", {{"serial", device.serial.str()}, {"profile", assignment.profile.str()}});
    changes.remove_assignment(device.id);
    return {};
  }
  changes.note(device, now, Kind::repaired, assignment.profile.str());
  log::info("device.drifted", {{"serial", device.serial.str()}, {"profile", assignment.profile.str()}});
  assignment.state = State::due;
  assignment.next_try = now;
  changes.put_assignment(std::move(assignment));
  return {};
}

// Apple reports something else than what is wanted.
Result<> not_there(Changes& changes, Assignment assignment, Device& device, DeviceWaits& waits, Time now) {
  if (assignment.state == State::looking) {
    MUSTER_TRY(const Assignment* const present, changes.assignment(device.id));
    if (!present || present->created_at != assignment.created_at) return {};
    if (assignment.last_answer.empty()) return repair(changes, std::move(assignment), device, now);
    // Apple said NOT_ACCESSIBLE, and has it all the same: as any other failure.
    assignment.state = State::due;
    assignment.next_try = now + waits.after(++assignment.attempts);
  } else if (assignment.state == State::in_flight) {
    // The call never took effect, or nobody knows: send it again.
    assignment.state = State::due;
    assignment.next_try = now;
  } else if (assignment.last_answer != kNotConfirmed) {
    assignment.last_answer = kNotConfirmed;
    assignment.next_try = now + kConfirmWait;
  } else {
    changes.note(device, now, Kind::not_confirmed, assignment.profile.str());
    log::warn("assign.not_confirmed",
              {{"serial", assignment.serial.str()}, {"profile", assignment.profile.str()}});
    assignment.state = State::due;
    assignment.urgency = Assignment::Urgency::retry;
    ++assignment.attempts;
    assignment.last_answer = "SUCCESS, but the device has no such profile";
    assignment.next_try = assignment.attempts == 1 ? now : now + waits.after(assignment.attempts - 1);
  }
  MUSTER_TRY(put_if_current(changes, assignment));
  return {};
}

}  // namespace

Result<long long> read_back(const RunContext& context, std::vector<Assignment> batch) {
  std::vector<Serial> serials;
  serials.reserve(batch.size());
  for (const auto& assignment : batch) serials.push_back(assignment.serial);
  MUSTER_TRY(auto details, context.service.device_details(serials, context.stop));

  const Time now = context.clock.now();
  return change(context.store, [&](Writer& writer, Changes& changes) -> Result<long long> {
    std::vector<DeviceId> ids;
    for (const auto& assignment : batch) ids.push_back(assignment.device);
    MUSTER_TRY(changes.load_assignments(ids));
    MUSTER_TRY(auto found_devices, writer.devices(ids));
    std::unordered_map<DeviceId, Device*> devices;
    for (auto& device : found_devices) devices[device.id] = &changes.keep(std::move(device));

    long long confirmed = 0;
    DeviceWaits waits;
    for (auto& assignment : batch) {
      Device& device = *devices.at(assignment.device);
      const auto found = details.find(assignment.serial);
      const std::string answer = found == details.end() ? "" : found->second.response_status;
      if (answer == "SUCCESS") {
        observe(device, std::move(found->second.report.facts), std::nullopt);
        changes.update(device);
        if (device.facts.has_profile(assignment.profile)) {
          MUSTER_TRY(settle_assignment(changes, device, Assignment::Urgency::retry, now));
          ++confirmed;
          continue;
        }
      } else if (answer == "NOT_ACCESSIBLE" || answer == "NOT_FOUND") {
        bury(changes, device, Tombstone::Reason::not_accessible, now);
        log::warn("device.not_accessible",
                  {{"account", context.account.name.str()}, {"serial", assignment.serial.str()}});
        continue;
      } else if (assignment.state == State::looking) {  // no word on the device: look again
        assignment.next_try = now + kConfirmWait;
        MUSTER_TRY(put_if_current(changes, assignment));
        continue;
      }
      MUSTER_TRY(not_there(changes, std::move(assignment), device, waits, now));
    }
    return confirmed;
  });
}

}  // namespace muster::sync
