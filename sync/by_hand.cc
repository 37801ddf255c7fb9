#include "sync/by_hand.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/log.h"
#include "http/json.h"
#include "sync/backoff.h"
#include "sync/desired.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;
using State = Assignment::State;

Result<boost::json::object> parse_profile(const std::string& document) {
  MUSTER_TRY(auto value, http::parse_json(document));
  if (!value.is_object()) return failure(Code::invalid, "a profile is a JSON object");
  auto profile = std::move(value).as_object();
  // MicroMDM's mdmctl always sends these two, empty where the person wrote none. Apple refuses an empty org_magic.
  if (const auto* devices = profile.if_contains("devices"); devices && devices->is_null())
    profile.erase("devices");
  if (const auto* magic = profile.if_contains("org_magic");
      magic && magic->is_string() && magic->get_string().empty())
    profile.erase("org_magic");
  return profile;
}

// The device as stored, or a new one: a person may assign a device that no run has shown yet.
Result<Device> find_or_make(Writer& writer, AccountId account, const Serial& serial, Time now) {
  MUSTER_TRY(auto found, writer.devices(account, std::span(&serial, 1)));
  if (!found.empty()) return std::move(found.front());
  Device device;
  device.account = account;
  device.serial = serial;
  device.first_seen = now;
  MUSTER_TRY(writer.insert_device(device));
  return device;
}

Result<> want_by_hand(Writer& writer, Device& device, const ProfileUuid& profile, const std::string& answer,
                      const apple::SerialAnswers& answers, Time now) {
  device.desired = {Desired::By::person, profile, {}, now};
  MUSTER_TRY(writer.update_device(device));
  MUSTER_TRY(note(writer, device, now, Kind::decided, "by hand -> " + profile.str()));
  MUSTER_TRY(note(writer, device, now, Kind::answered, answer + " " + profile.str()));
  const bool taken = answer == "SUCCESS";
  Millis wait = taken ? Millis(0) : device_wait(1);
  if (answer == "THROTTLED" && answers.retry_after) wait = *answers.retry_after;
  return writer.put_assignment({.device = device.id,
                                .serial = device.serial,
                                .account = device.account,
                                .profile = profile,
                                .state = taken ? State::confirming : State::due,
                                .urgency = taken ? Assignment::Urgency::arrival : Assignment::Urgency::retry,
                                .attempts = taken ? 0 : 1,
                                .next_try = now + wait,
                                .last_answer = answer,
                                .created_at = now});
}

Result<> store_assigned(const RunContext& context, const ProfileUuid& profile,
                        const apple::SerialAnswers& answers) {
  const Time now = context.clock.now();
  return context.store.write([&](Writer& writer) -> Result<> {
    for (const auto& [serial, answer] : answers.answers) {
      if (answer == "NOT_ACCESSIBLE") continue;  // not a device of this account: nothing to want
      MUSTER_TRY(auto device, find_or_make(writer, context.account.id, serial, now));
      MUSTER_TRY(want_by_hand(writer, device, profile, answer, answers, now));
    }
    return {};
  });
}

Result<> store_removed(const RunContext& context, std::span<const Serial> serials,
                       const apple::SerialAnswers& answers) {
  const Time now = context.clock.now();
  return context.store.write([&](Writer& writer) -> Result<> {
    MUSTER_TRY(auto devices, writer.devices(context.account.id, serials));
    for (auto& device : devices) {
      const auto answer = answers.answers.find(device.serial);
      if (answer == answers.answers.end() || answer->second != "SUCCESS") continue;
      device.desired = {Desired::By::hold, ProfileUuid(), {}, now};
      device.facts.profile_status = "removed";
      MUSTER_TRY(writer.update_device(device));
      MUSTER_TRY(writer.remove_assignment(device.id));
      MUSTER_TRY(note(writer, device, now, Kind::held));
    }
    return {};
  });
}

}  // namespace

Result<apple::DefinedProfile> define_profile(const RunContext& context, const std::string& document) {
  MUSTER_TRY(auto profile, parse_profile(document));
  MUSTER_TRY(auto defined, context.service.define_profile(boost::json::serialize(profile), context.stop));

  const auto* name = profile.if_contains("profile_name");
  const std::string name_text = name && name->is_string() ? std::string(name->get_string()) : "";
  profile.erase("devices");
  MUSTER_TRY(context.store.write([&](Writer& writer) {
    return writer.put_profile({.account = context.account.id,
                               .uuid = defined.uuid,
                               .name = name_text,
                               .document = boost::json::serialize(profile),
                               .defined_at = context.clock.now(),
                               .unknown_at_apple = {}});
  }));
  log::info("profile.defined", {{"account", context.account.name.str()},
                                {"profile", defined.uuid.str()},
                                {"name", name_text},
                                {"devices", defined.devices.answers.size()}});
  MUSTER_TRY(store_assigned(context, defined.uuid, defined.devices));
  return defined;
}

Result<apple::SerialAnswers> assign_by_hand(const RunContext& context, const ProfileUuid& profile,
                                            std::span<const Serial> serials) {
  apple::SerialAnswers all;
  while (!serials.empty()) {
    const auto part = serials.first(std::min(serials.size(), apple::kAssignLimit));
    serials = serials.subspan(part.size());
    MUSTER_TRY(auto answers, context.service.assign(profile, part, context.stop));
    MUSTER_TRY(store_assigned(context, profile, answers));
    all.answers.merge(answers.answers);
  }
  return all;
}

Result<apple::SerialAnswers> remove_by_hand(const RunContext& context, std::span<const Serial> serials) {
  apple::SerialAnswers all;
  while (!serials.empty()) {
    const auto part = serials.first(std::min(serials.size(), apple::kAssignLimit));
    serials = serials.subspan(part.size());
    MUSTER_TRY(auto answers, context.service.remove_profile(part, context.stop));
    MUSTER_TRY(store_removed(context, part, answers));
    all.answers.merge(answers.answers);
  }
  return all;
}

Result<> forget_devices(Store& store, AccountId account, std::span<const Serial> serials, Time now) {
  return store.write([&](Writer& writer) -> Result<> {
    for (const auto& serial : serials) {
      MUSTER_TRY(auto found, writer.devices(account, std::span(&serial, 1)));
      if (found.empty() || found.front().tombstone)
        return failure(Code::not_found, "no device with the serial number " + serial.str(),
                       "Nothing was removed");
      Device& device = found.front();
      MUSTER_TRY(bury(writer, device, Tombstone::Reason::removed, now));
      MUSTER_TRY(writer.update_device(device));
    }
    return {};
  });
}

}  // namespace muster::sync
