#include "sim/world/row.h"

#include <array>
#include <boost/json.hpp>
#include <vector>

#include "base/text/strings.h"
#include "sim/world/catalogue.h"
#include "sim/world/codec.h"

namespace muster::sim {
namespace {

constexpr int kOsVersion = 2;         // os, device_family
constexpr int kIpadOsVersion = 7;     // iPads say iPadOS, before that iOS
constexpr int kMigrationVersion = 8;  // mdm_migration_deadline
constexpr int kHardwareVersion = 10;  // addresses, IMEI, replacement

// `"description":...` to `"color":...` of every kind, made once for each of the three forms that versions
// know.
std::vector<std::string> make_kind_texts(int version) {
  std::vector<std::string> texts;
  for (const Kind& kind : kinds()) {
    std::string text = ",\"description\":";
    append_json_string(text, kind.description);
    text += ",\"model\":";
    append_json_string(text, kind.model);
    if (version >= kOsVersion) {
      const bool is_ipad = std::string_view(kind.os) == "iPadOS";
      text += ",\"os\":";
      append_json_string(text, is_ipad && version < kIpadOsVersion ? "iOS" : kind.os);
      text += ",\"device_family\":";
      append_json_string(text, kind.family);
    }
    if (*kind.color) {
      text += ",\"color\":";
      append_json_string(text, kind.color);
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

const std::string& kind_text(uint16_t kind, int version) {
  static const std::array<std::vector<std::string>, 3> texts = {
      make_kind_texts(1), make_kind_texts(kOsVersion), make_kind_texts(kIpadOsVersion)};
  return texts[version >= kIpadOsVersion ? 2 : version >= kOsVersion ? 1 : 0][kind];
}

void append_member_date(std::string& out, std::string_view key, long long ms) {
  if (ms == 0) return;
  out += ",\"";
  out += key;
  out += "\":\"";
  append_date(out, ms);
  out += '"';
}

void append_plain_row(std::string& out, const World& world, const Device& device, const DeviceState& state,
                      const RowForm& form) {
  const bool sparse = form.event && form.event->operation == Operation::deleted && form.sparse_deleted;
  out += "{\"serial_number\":";
  append_json_string(out, device.serial);
  if (!sparse) {
    out += kind_text(device.kind, form.version);
    if (device.extras && !device.extras->asset_tag.empty()) {
      out += ",\"asset_tag\":";
      append_json_string(out, device.extras->asset_tag);
    }
    if (state.status != ProfileStatus::empty) {
      if (state.profile != 0) {
        out += ",\"profile_uuid\":\"";
        const std::string& uuid = world.profile(state.profile).uuid;
        out += form.lower_uuids ? to_lower(uuid) : uuid;
        out += '"';
      }
      append_member_date(out, "profile_assign_time", state.profile_assigned_ms);
      append_member_date(out, "profile_push_time", state.profile_pushed_ms);
    }
    out += ",\"profile_status\":\"";
    out += to_word(state.status);
    out += '"';
    if (state.assigned_by != 0) {
      out += ",\"device_assigned_by\":";
      append_json_string(out, world.person_name(state.assigned_by));
    }
    append_member_date(out, "device_assigned_date", state.assigned_ms);
    if (form.version >= kMigrationVersion && device.extras)
      append_member_date(out, "mdm_migration_deadline", device.extras->migration_deadline_ms);
    if (form.version >= kHardwareVersion) {
      append_identifiers(out, device.serial, kinds()[device.kind]);
      if (device.extras && !device.extras->replaces.empty()) out += ",\"is_replacement_device\":true";
    }
  }
  if (form.event) {
    out += ",\"op_type\":\"";
    out += to_word(form.event->operation);
    out += '"';
    append_member_date(out, "op_date", form.event->op_date_ms);
    if (form.event->by_replacement && form.version >= kHardwareVersion)
      out += ",\"released_by_replacement\":true";
  }
  if (form.with_status) out += ",\"response_status\":\"SUCCESS\"";
  out += '}';
}

}  // namespace

void append_row(std::string& out, const World& world, const Device& device, const DeviceState& state,
                const RowForm& form) {
  if (!device.extras || (device.extras->members.empty() && device.extras->omitted.empty())) {
    append_plain_row(out, world, device, state, form);
    return;
  }
  // An odd row that a test asked for: rare, so it may be slow.
  std::string plain;
  append_plain_row(plain, world, device, state, form);
  auto row = boost::json::parse(plain).as_object();
  for (const auto& member : device.extras->members) row[member.key()] = member.value();
  for (const auto& key : device.extras->omitted) row.erase(key);
  out += boost::json::serialize(row);
}

}  // namespace muster::sim
