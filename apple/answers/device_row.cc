#include "apple/answers/device_row.h"

#include "base/text/strings.h"
#include "base/time/rfc3339.h"
#include "model/apple_word.h"
#include "model/text/ids_text.h"

namespace muster::apple {
namespace {

constexpr size_t kUsualOther = 256;  // bytes of the keys without a field, MAC addresses and IMEIs among them

struct TextKey {
  std::string_view key;
  std::string DeviceFacts::*field;
};
// In the order that Apple's rows have them.
constexpr TextKey kTexts[] = {{"description", &DeviceFacts::description},
                              {"model", &DeviceFacts::model},
                              {"os", &DeviceFacts::os},
                              {"device_family", &DeviceFacts::family},
                              {"color", &DeviceFacts::color},
                              {"asset_tag", &DeviceFacts::asset_tag},
                              {"device_assigned_by", &DeviceFacts::assigned_by}};

struct DateKey {
  std::string_view key;
  std::optional<Time> DeviceFacts::*field;
};
constexpr DateKey kDates[] = {{"profile_assign_time", &DeviceFacts::profile_assign_time},
                              {"profile_push_time", &DeviceFacts::profile_push_time},
                              {"device_assigned_date", &DeviceFacts::assigned_at}};

// Go's zero time, which depsim sends for "never".
bool is_zero_date(std::string_view text) { return text.starts_with("0001-01-01"); }

bool read_date(std::string_view text, std::optional<Time>& out) {
  if (is_zero_date(text)) return true;
  out = parse_rfc3339(trim(text));
  return out.has_value();
}

DeviceReport::Operation operation_of(std::string_view word) {
  if (equals_ignoring_case(word, "added")) return DeviceReport::Operation::added;
  if (equals_ignoring_case(word, "deleted")) return DeviceReport::Operation::deleted;
  return DeviceReport::Operation::modified;
}

// Reads one key into its field. False when it has none, or is of a form that cannot be read: then `other`
// keeps it.
bool read_key(std::string_view key, JsonValue value, DeviceReport& report) {
  const auto string = as_text(value);
  const std::string_view text = string.value_or("");

  if (key == "op_type") {
    // Something happened to the device: what, decides its state (design section 3).
    report.operation = operation_of(text);
    return report.operation != DeviceReport::Operation::modified || equals_ignoring_case(text, "modified");
  }
  if (!string) return false;
  if (key == "serial_number") {
    auto serial = read_serial(text);
    if (!serial) return false;
    report.serial = *std::move(serial);
    return true;
  }
  for (const TextKey& known : kTexts)
    if (key == known.key) {
      (report.facts.*known.field).assign(text);
      return true;
    }
  if (key == "profile_status") {
    report.facts.profile_status = stored_profile_status(text);
    return true;
  }
  if (key == "profile_uuid") {
    report.facts.profile_uuid = read_profile_uuid(text).value_or(ProfileUuid());
    return true;
  }
  for (const DateKey& known : kDates)
    if (key == known.key) return read_date(text, report.facts.*known.field);
  if (key == "op_date") {
    if (!read_date(text, report.op_date)) return false;
    if (report.op_date) report.op_date = std::chrono::floor<std::chrono::seconds>(*report.op_date);
    return true;
  }
  return key == "response_status";  // of details, read there
}

}  // namespace

DeviceReport read_device(JsonObject row) {
  DeviceReport report;
  std::string& other = report.facts.other;
  for (const auto member : row) {
    if (is_nothing(member.value)) continue;
    if (read_key(member.key, member.value, report)) continue;
    if (other.empty()) other.reserve(kUsualOther);
    other += other.empty() ? '{' : ',';
    append_json(other, member.key);
    other += ':';
    append_json(other, member.value);
  }
  if (!other.empty()) other += '}';
  return report;
}

}  // namespace muster::apple
