#include "fuzz/printed.h"

#include <string_view>

#include "apple/answers/json_document.h"
#include "base/time/rfc3339.h"

namespace muster::fuzz {
namespace {

void put(std::string& out, std::string_view key, const std::string& value) {
  if (value.empty()) return;
  out += out.empty() ? '{' : ',';
  apple::append_json(out, key);
  out += ':';
  apple::append_json(out, value);
}

void put(std::string& out, std::string_view key, const std::optional<Time>& value) {
  if (value) put(out, key, format_rfc3339_millis(*value));
}

std::string operation_word(DeviceReport::Operation operation) {
  switch (operation) {
    case DeviceReport::Operation::none: break;
    case DeviceReport::Operation::added: return "added";
    case DeviceReport::Operation::modified: return "modified";
    case DeviceReport::Operation::deleted: return "deleted";
  }
  return "";
}

}  // namespace

std::string print_row(const DeviceReport& report) {
  const DeviceFacts& facts = report.facts;
  std::string out;
  put(out, "serial_number", report.serial.str());
  put(out, "description", facts.description);
  put(out, "model", facts.model);
  put(out, "os", facts.os);
  put(out, "device_family", facts.family);
  put(out, "color", facts.color);
  put(out, "asset_tag", facts.asset_tag);
  put(out, "profile_status", facts.profile_status);
  put(out, "profile_uuid", facts.profile_uuid.str());
  put(out, "profile_assign_time", facts.profile_assign_time);
  put(out, "profile_push_time", facts.profile_push_time);
  put(out, "device_assigned_by", facts.assigned_by);
  put(out, "device_assigned_date", facts.assigned_at);
  put(out, "op_type", operation_word(report.operation));
  put(out, "op_date", report.op_date);
  return out + '}';
}

}  // namespace muster::fuzz
