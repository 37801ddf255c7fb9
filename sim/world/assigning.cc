#include "sim/world/assigning.h"

#include <algorithm>
#include <functional>
#include <unordered_set>

#include "sim/world/codec.h"
#include "sim/world/portal.h"

namespace muster::sim {
namespace {

constexpr int kThrottledVersion = 9;    // says THROTTLED; before that FAILED
constexpr int kRetryAfterVersion = 10;  // says when to come back

constexpr const char* kSuccess = "SUCCESS";
constexpr const char* kNotAccessible = "NOT_ACCESSIBLE";

// Answers each serial once. `act` is called for a device of the account and gives its word.
SerialResults answer_each(const AssignCall& call, const std::vector<std::string>& serials,
                          const std::function<std::string(Device&, DeviceId)>& act) {
  SerialResults results;
  std::unordered_set<std::string_view> seen;
  for (const std::string& serial : serials) {
    if (!seen.insert(serial).second) continue;
    Device* device = call.world.find_device(serial);
    const bool is_here = device && device->account == call.account;
    const auto* forced = call.forced ? call.forced->find(serial) : nullptr;
    if (forced) {
      if (is_here && *forced == kSuccess && call.forced->apply_success)
        act(*device, call.world.id_of(*device));
      if (*forced) results.words.emplace_back(serial, **forced);
      continue;
    }
    results.words.emplace_back(serial, is_here ? act(*device, call.world.id_of(*device)) : kNotAccessible);
  }
  return results;
}

// Counts an assignment; true when the device is, or now becomes, throttled.
bool is_throttled(const AssignCall& call, Device& device) {
  const long long cooldown_ms = call.settings.throttle_cooldown.count();
  if (device.throttled_until_ms > call.now_ms) {
    if (call.settings.throttle_prolongs) device.throttled_until_ms = call.now_ms + cooldown_ms;
    return true;
  }
  if (call.settings.throttle_after == 0) return false;
  if (device.recent_assigns == 0 || call.now_ms - device.first_assign_ms >= cooldown_ms) {
    device.recent_assigns = 0;
    device.first_assign_ms = call.now_ms;
  }
  if (device.recent_assigns++ < call.settings.throttle_after) return false;
  device.throttled_until_ms = call.now_ms + cooldown_ms;
  device.recent_assigns = 0;
  return true;
}

}  // namespace

const std::optional<std::string>* ForcedResults::find(const std::string& serial) const {
  auto found = words.find(serial);
  if (found == words.end()) found = words.find("*");
  return found == words.end() ? nullptr : &found->second;
}

SerialResults assign_profile(const AssignCall& call, ProfileId profile,
                             const std::vector<std::string>& serials) {
  long long longest_wait_ms = 0;
  std::vector<std::string> repeated;
  auto results = answer_each(call, serials, [&](Device& device, DeviceId id) -> std::string {
    if (is_throttled(call, device)) {
      longest_wait_ms = std::max(longest_wait_ms, device.throttled_until_ms - call.now_ms);
      return call.version >= kThrottledVersion ? "THROTTLED" : "FAILED";
    }
    const bool has_it =
        device.state.status == ProfileStatus::assigned || device.state.status == ProfileStatus::pushed;
    const bool since_arrival = device.state.profile_assigned_ms >= device.state.assigned_ms;
    if (has_it && since_arrival && device.state.profile == profile) repeated.push_back(device.serial);
    device.state.status = ProfileStatus::assigned;
    device.state.profile = profile;
    device.state.profile_assigned_ms = call.now_ms;
    device.state.profile_pushed_ms = 0;
    if (call.settings.assign_events) record_profile_change(call.world, call.settings, call.now_ms, id);
    return kSuccess;
  });
  results.repeated = std::move(repeated);
  if (call.version >= kRetryAfterVersion) results.retry_after_s = (longest_wait_ms + 999) / 1000;
  return results;
}

SerialResults remove_profile(const AssignCall& call, const std::vector<std::string>& serials) {
  return answer_each(call, serials, [&](Device& device, DeviceId id) -> std::string {
    // The UUID and the times stay in the row.
    if (device.state.status == ProfileStatus::empty) return kSuccess;
    device.state.status = ProfileStatus::removed;
    record_profile_change(call.world, call.settings, call.now_ms, id);
    return kSuccess;
  });
}

SerialResults disown_devices(const AssignCall& call, const std::vector<std::string>& serials) {
  const bool allowed = call.world.account(call.account).can_disown;
  return answer_each(call, serials, [&](Device&, DeviceId id) -> std::string {
    if (!allowed) return kNotAccessible;
    Portal(call.world, call.settings, call.now_ms).release(id);
    return kSuccess;
  });
}

std::string to_json(const SerialResults& results) {
  std::string out = "{";
  for (const auto& [serial, word] : results.words) {
    if (out.size() > 1) out += ',';
    append_json_string(out, serial);
    out += ':';
    append_json_string(out, word);
  }
  return out + '}';
}

}  // namespace muster::sim
