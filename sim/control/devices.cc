// Control calls that do something to devices: the portal's actions, and oddities for tests.
#include <boost/json.hpp>
#include <unordered_set>

#include "sim/control/handlers.h"
#include "sim/control/select.h"
#include "sim/faults/body.h"
#include "sim/world/catalogue.h"
#include "sim/world/codec.h"
#include "sim/world/portal.h"

namespace muster::sim {
namespace {

constexpr long long kMostDevices = 5'000'000;
constexpr size_t kMostSerialsShown = 10'000;

// `{"count":25,"time":"...","time_ms":...,"serials":[...]}`; without the serials when they are very many. The
// time is the call's: `since` with it shows all that came.
http::Response done(ControlCall& call, const std::vector<DeviceId>& ids) {
  std::string time;
  append_date(time, call.now_ms);
  boost::json::object answer{{"count", ids.size()}, {"time", time}, {"time_ms", call.now_ms}};
  if (ids.size() <= kMostSerialsShown) {
    boost::json::array serials;
    for (const DeviceId id : ids) serials.push_back(boost::json::value(call.service.world.device(id).serial));
    answer["serials"] = std::move(serials);
  }
  return control_json(std::move(answer));
}

// A profile UUID as given, made known as another service's when it is new.
ProfileId profile_of(World& world, const std::string& uuid) {
  const ProfileId id = world.find_profile(uuid);
  return id != 0 ? id : world.create_profile(-1, uuid, "", "{}");
}

// A device that is free to come to an account: a new one, or one that left before. 0 devices are made on
// failure.
Result<> check_free(World& world, const std::string& serial) {
  const Device* device = world.find_device(serial);
  if (serial.empty()) return failure(Code::invalid, "empty serial number");
  if (!device) return {};
  if (device->released)
    return failure(Code::conflict,
                   "the device " + serial + " was released from the organisation and cannot return");
  if (device->account != -1)
    return failure(
        Code::conflict,
        "the device " + serial + " is in the account \"" + world.account(device->account).name + "\"",
        "Use /control/devices/move or /control/devices/reassign");
  return {};
}

// One device to add: the serial, and for explicit rows the members that differ from its kind's.
struct NewDevice {
  std::string serial;
  uint16_t kind = 0;
  boost::json::object members = {};
};

Result<std::vector<NewDevice>> rows_to_add(World& world, const boost::json::value& rows,
                                           const std::string& family, const std::string& model) {
  const auto* array = rows.if_array();
  if (!array) return failure(Code::invalid, "\"devices\" must be a list of rows");
  std::vector<NewDevice> devices;
  for (const auto& item : *array) {
    const auto* row = item.if_object();
    const auto* serial = row ? row->if_contains("serial_number") : nullptr;
    if (!serial || !serial->is_string())
      return failure(Code::invalid, "each row of \"devices\" requires a \"serial_number\"");
    NewDevice device{.serial = std::string(serial->get_string()), .kind = 0, .members = *row};
    device.members.erase("serial_number");
    const auto text = [&](const char* key, const std::string& otherwise) {
      const auto* value = row->if_contains(key);
      return value && value->is_string() ? std::string(value->get_string()) : otherwise;
    };
    // The nearest kind gives what the row does not say; an unknown family or model is in `members` anyway.
    int kind = pick_kind(world.random(), text("device_family", family), text("model", model));
    if (kind == -1) kind = pick_kind(world.random(), text("device_family", family), "");
    if (kind == -1) kind = pick_kind(world.random(), "", "");
    device.kind = static_cast<uint16_t>(kind);
    devices.push_back(std::move(device));
  }
  return devices;
}

// What takes a choice of devices, and the date of the operation, and nothing else.
template <class Act>
Result<http::Response> for_each_device(ControlCall& call, Act act) {
  ControlBody body(call.body);
  const DeviceChoice choice(body);
  const auto op_date = body.date("op_date");
  MUSTER_TRY(body.finish());
  MUSTER_TRY(const auto ids, choice.resolve(call.service.world));
  Portal portal(call.service.world, call.service.settings, call.now_ms, op_date);
  for (const DeviceId id : ids) act(portal, id);
  return done(call, ids);
}

}  // namespace

Result<http::Response> add_devices(ControlCall& call) {
  ControlBody body(call.body);
  World& world = call.service.world;
  const auto account_name = body.text("account");
  const auto count = body.number("count", 1, kMostDevices);
  const auto family = body.text("family").value_or("");
  const auto model = body.text("model").value_or("");
  const auto serials = body.texts("serials");
  const auto* rows = body.any("devices");
  const auto as = body.word("as", {"added", "modified"}).value_or("added");
  const auto profile_uuid = body.text("profile_uuid");
  const bool baseline = body.flag("baseline").value_or(false);
  const auto op_date = body.date("op_date");
  MUSTER_TRY(body.finish());
  MUSTER_TRY(Account * account, account_named(call.service, account_name.value_or("")));
  if ((count ? 1 : 0) + (serials ? 1 : 0) + (rows ? 1 : 0) != 1)
    return failure(Code::invalid, "specify one of \"count\", \"serials\" and \"devices\"");
  if (pick_kind(world.random(), family, model) == -1)
    return failure(Code::invalid, "no device model has family \"" + family + "\" and model \"" + model + "\"",
                   "Families are iPhone, iPad, Mac, AppleTV and Vision");
  if (profile_uuid && as == "added")
    return failure(Code::invalid, "\"profile_uuid\" requires \"as\": \"modified\"");

  std::vector<NewDevice> devices;
  if (rows) {
    MUSTER_TRY(devices, rows_to_add(world, *rows, family, model));
  }
  for (const auto& serial : serials.value_or(std::vector<std::string>{}))
    devices.push_back(
        {.serial = serial, .kind = static_cast<uint16_t>(pick_kind(world.random(), family, model))});
  std::unordered_set<std::string_view> seen;
  for (const auto& device : devices) {
    MUSTER_TRY(check_free(world, device.serial));
    if (!seen.insert(device.serial).second)
      return failure(Code::invalid, "duplicate serial number " + device.serial);
  }

  Portal portal(world, call.service.settings, call.now_ms, op_date);
  const Arrival arrival = as == "added" ? Arrival::added : Arrival::modified;
  std::vector<DeviceId> ids;
  const auto enter = [&](DeviceId id) {
    if (arrival == Arrival::modified) {
      // As a device looks that another service had: its profile's UUID and times are still there.
      DeviceState& state = world.device(id).state;
      if (profile_uuid) state.profile = profile_of(world, *profile_uuid);
      if (state.profile != 0 && state.profile_assigned_ms == 0)
        state.profile_assigned_ms = call.now_ms - 30LL * 86'400'000;
    }
    if (baseline)
      portal.place(account->index, id, op_date.value_or(account->next_event_ms(call.now_ms)));
    else
      portal.add(account->index, id, arrival);
    ids.push_back(id);
  };
  for (auto& device : devices) {
    const Device* known = world.find_device(device.serial);
    const DeviceId id = known ? world.id_of(*known) : world.create_device(device.serial, device.kind);
    if (!device.members.empty()) world.device(id).need_extras().members = std::move(device.members);
    enter(id);
  }
  for (long long i = 0; i < count.value_or(0); ++i) {
    const auto kind = static_cast<uint16_t>(pick_kind(world.random(), family, model));
    enter(world.create_device(world.new_serial(), kind));
  }
  return done(call, ids);
}

Result<http::Response> remove_devices(ControlCall& call) {
  ControlBody body(call.body);
  const DeviceChoice choice(body);
  const bool event = body.flag("event").value_or(true);
  const auto op_date = body.date("op_date");
  MUSTER_TRY(body.finish());
  MUSTER_TRY(const auto ids, choice.resolve(call.service.world));
  Portal portal(call.service.world, call.service.settings, call.now_ms, op_date);
  for (const DeviceId id : ids) portal.unassign(id, event ? Leaving::unassigned : Leaving::silent);
  return done(call, ids);
}

Result<http::Response> release_devices(ControlCall& call) {
  return for_each_device(call, [](Portal& portal, DeviceId id) { portal.release(id); });
}

Result<http::Response> move_devices(ControlCall& call) {
  ControlBody body(call.body);
  const DeviceChoice choice(body);
  const auto to = body.text("to");
  const auto as = body.word("as", {"added", "modified"}).value_or(call.service.settings.move_as);
  const auto deadline = body.date("mdm_migration_deadline");
  const auto op_date = body.date("op_date");
  MUSTER_TRY(body.finish());
  if (!to) return failure(Code::invalid, "\"to\" is missing: the target account");
  World& world = call.service.world;
  MUSTER_TRY(const Account* target, account_named(call.service, *to));
  MUSTER_TRY(const auto ids, choice.resolve(world));
  for (const DeviceId id : ids)
    if (world.device(id).account == target->index)
      return failure(Code::conflict, "the device " + world.device(id).serial + " is already in that account",
                     "Use /control/devices/reassign");
  Portal portal(world, call.service.settings, call.now_ms, op_date);
  for (const DeviceId id : ids) {
    if (deadline) world.device(id).need_extras().migration_deadline_ms = *deadline;
    portal.move(target->index, id, as == "added" ? Arrival::added : Arrival::modified);
  }
  return done(call, ids);
}

Result<http::Response> reassign_devices(ControlCall& call) {
  return for_each_device(call, [](Portal& portal, DeviceId id) { portal.reassign(id); });
}

Result<http::Response> touch_devices(ControlCall& call) {
  return for_each_device(call, [](Portal& portal, DeviceId id) { portal.touch(id); });
}

Result<http::Response> throttle_devices(ControlCall& call) {
  ControlBody body(call.body);
  const DeviceChoice choice(body);
  const auto for_ms = body.duration("for");
  MUSTER_TRY(body.finish());
  if (for_ms.value_or(0) < 0) return failure(Code::invalid, "\"for\" is a duration from now, such as \"1h\"");
  MUSTER_TRY(const auto ids, choice.resolve(call.service.world));
  const long long cooldown_ms = for_ms.value_or(call.service.settings.throttle_cooldown.count());
  for (const DeviceId id : ids) call.service.world.device(id).throttled_until_ms = call.now_ms + cooldown_ms;
  return done(call, ids);
}

Result<http::Response> push_devices(ControlCall& call) {
  ControlBody body(call.body);
  const DeviceChoice choice(body);
  const bool event = body.flag("event").value_or(false);
  MUSTER_TRY(body.finish());
  World& world = call.service.world;
  MUSTER_TRY(const auto ids, choice.resolve(world));
  for (const DeviceId id : ids)
    if (world.device(id).state.status != ProfileStatus::assigned &&
        world.device(id).state.status != ProfileStatus::pushed)
      return failure(Code::conflict, "the device " + world.device(id).serial + " has no profile to fetch");
  for (const DeviceId id : ids) {
    world.device(id).state.status = ProfileStatus::pushed;
    world.device(id).state.profile_pushed_ms = call.now_ms;
    if (event) record_profile_change(world, call.service.settings, call.now_ms, id);
  }
  return done(call, ids);
}

Result<http::Response> set_devices(ControlCall& call) {
  ControlBody body(call.body);
  const DeviceChoice choice(body);
  const auto asset_tag = body.text("asset_tag");
  const auto deadline = body.date("mdm_migration_deadline");
  const auto status = body.word("profile_status", {"empty", "assigned", "pushed", "removed"});
  const auto profile_uuid = body.text("profile_uuid");
  const auto* members = body.any("members");
  const auto omitted = body.texts("omit");
  const bool event = body.flag("event").value_or(true);
  const auto op_date = body.date("op_date");
  MUSTER_TRY(body.finish());
  if (members && !members->is_object()) return failure(Code::invalid, "\"members\" must be an object");
  World& world = call.service.world;
  MUSTER_TRY(const auto ids, choice.resolve(world));
  Portal portal(world, call.service.settings, call.now_ms, op_date);
  for (const DeviceId id : ids) {
    Device& device = world.device(id);
    if (asset_tag) device.need_extras().asset_tag = *asset_tag;
    if (deadline) device.need_extras().migration_deadline_ms = *deadline;
    if (members) device.need_extras().members = members->get_object();
    if (omitted) device.need_extras().omitted = *omitted;
    if (profile_uuid) device.state.profile = profile_uuid->empty() ? 0 : profile_of(world, *profile_uuid);
    for (size_t i = 0; status && i < std::size(kStatusWords); ++i)
      if (kStatusWords[i] == *status) device.state.status = static_cast<ProfileStatus>(i);
    if (event) portal.touch(id);
  }
  return done(call, ids);
}

Result<http::Response> replace_device(ControlCall& call) {
  ControlBody body(call.body);
  const auto serial = body.text("serial");
  const auto new_serial = body.text("new_serial");
  MUSTER_TRY(body.finish());
  if (!serial) return failure(Code::invalid, "\"serial\" is missing: the device to replace");
  World& world = call.service.world;
  const Device* old = world.find_device(*serial);
  if (!old) return failure(Code::not_found, "there is no device " + *serial);
  if (old->account == -1) return failure(Code::conflict, "the device " + *serial + " is in no account");
  if (new_serial) {
    if (world.find_device(*new_serial))
      return failure(Code::conflict, "the device " + *new_serial + " already exists");
    MUSTER_TRY(check_free(world, *new_serial));
  }
  const int account = old->account;
  const DeviceId id = world.create_device(new_serial ? *new_serial : world.new_serial(), old->kind);
  world.device(id).need_extras().replaces = *serial;
  world.device(id).need_extras().replaced_ms = call.now_ms;
  Portal portal(world, call.service.settings, call.now_ms);
  portal.release(world.id_of(*old), true);
  portal.add(account, id, Arrival::added);
  return done(call, {id});
}

}  // namespace muster::sim
