// The forms of a message's body: docs/webhooks.md.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "sync/webhooks/apple_form.h"
#include "sync/webhooks/message.h"
#include "sync/webhooks/topics.h"

namespace muster::sync {
namespace {

constexpr size_t kShownInChat = 10;  // serial numbers

void put_member(boost::json::object& json, const char* name, const std::string& value) {
  if (!value.empty()) json[name] = value;
}

boost::json::object of_event(const DeviceEvent& event) {
  const auto& device = event.device;
  boost::json::object json{{"serial_number", device.serial.str()},
                           {"at", format_rfc3339_millis(event.entry.at)}};
  put_member(json, "detail", event.entry.detail);
  put_member(json, "model", device.facts.model);
  put_member(json, "device_family", device.facts.family);
  put_member(json, "os", device.facts.os);
  put_member(json, "asset_tag", device.facts.asset_tag);
  put_member(json, "profile_status", device.facts.profile_status);
  put_member(json, "profile_uuid", device.facts.profile_uuid.str());
  put_member(json, "desired_profile_uuid", device.desired.profile.str());
  return json;
}

std::string in_our_form(const Message& message) {
  boost::json::object data = message.data;
  if (!message.account.empty()) data["account"] = message.account.str();
  if (!message.devices.empty()) {
    boost::json::array devices;
    devices.reserve(message.devices.size());
    for (const auto& event : message.devices) devices.push_back(of_event(event));
    data["devices"] = std::move(devices);
  }
  boost::json::object body{{"type", std::string(message.topic)},
                           {"id", message.id},
                           {"timestamp", format_rfc3339_millis(message.at)},
                           {"data", std::move(data)}};
  return write_json(std::move(body));
}

const char* operation_told(std::string_view topic) {
  if (topic == "device.arrived") return "added";
  return topic == "device.gone" ? "deleted" : "modified";
}

// As cmd/depsyncer of NanoDEP posts it, with an id, which that one leaves empty.
std::string in_nanodeps_form(const Message& message) {
  const bool is_fetch = message.topic == "account.first_list";
  boost::json::array devices;
  for (const auto& event : message.devices) {
    auto device = in_apples_form(event.device);
    device["op_type"] = operation_told(message.topic);
    device["op_date"] = format_rfc3339(event.entry.at);
    devices.push_back(std::move(device));
  }
  const auto at = format_rfc3339(message.at);
  boost::json::object response{
      {"cursor", ""}, {"devices", std::move(devices)}, {"fetched_until", at}, {"more_to_follow", false}};
  boost::json::object body{{"topic", is_fetch ? "dep.FetchDevices" : "dep.SyncDevices"},
                           {"event_id", message.id},
                           {"created_at", at},
                           {"device_response_event",
                            {{"dep_name", message.account.str()}, {"device_response", std::move(response)}}}};
  return write_json(std::move(body));
}

// Their control characters, in the text of a message.
std::string escaped_for_chat(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string member_text(const boost::json::object& data, const char* name) {
  const auto* value = data.if_contains(name);
  if (!value || value->is_null()) return "";
  return value->is_string() ? std::string(value->get_string()) : write_json(*value);
}

std::string text_about_devices(const Message& message) {
  const auto about = std::find_if(topics().begin(), topics().end(),
                                  [&](const Topic& topic) { return topic.name == message.topic; });
  const size_t count = message.devices.size();
  std::string text = fmt::format("{} device{} {}: ", count, count == 1 ? "" : "s", about->about);
  for (size_t i = 0; i < std::min(count, kShownInChat); ++i)
    text += (i == 0 ? "" : ", ") + message.devices[i].device.serial.str();
  if (count > kShownInChat) text += fmt::format(" and {} more", count - kShownInChat);
  if (count == 1 && !message.devices[0].entry.detail.empty())
    text += " (" + message.devices[0].entry.detail + ")";
  return text;
}

std::string text_about_others(const Message& message) {
  const auto& data = message.data;
  const auto of = [&](const char* name) { return member_text(data, name); };
  if (message.topic == "account.state")
    return of("state_before") + " -> " + of("state") + (of("message").empty() ? "" : ": " + of("message")) +
           (of("remedy").empty() ? "" : ". " + of("remedy"));
  if (message.topic == "account.token_expiry") return "the token ends in " + of("days_left") + " days";
  if (message.topic == "account.first_list") return "the first list has " + of("devices") + " devices";
  if (message.topic == "backfill.changed")
    return "backfill " + of("state") + ": " + of("changed") + " of " + of("planned") + " devices";
  if (message.topic == "audit.entry")
    return (of("actor").empty() ? of("key") : of("actor")) + ": " + of("action") + " " + of("object");
  if (message.topic == "webhook.disabled")
    return "webhook " + of("webhook") + " was disabled: " + of("reason");
  return of("message");
}

std::string in_chats_form(const Message& message) {
  const std::string about =
      message.devices.empty() ? text_about_others(message) : text_about_devices(message);
  const std::string whom = message.account.empty() ? "Muster: " : "Muster, " + message.account.str() + ": ";
  return write_json(boost::json::object{{"text", escaped_for_chat(whom + about)}});
}

}  // namespace

std::string body_of(const Message& message, Receiver::Format format) {
  switch (format) {
    case Receiver::Format::muster: break;
    case Receiver::Format::nanodep: return in_nanodeps_form(message);
    case Receiver::Format::slack: return in_chats_form(message);
  }
  return in_our_form(message);
}

}  // namespace muster::sync
