#include "sync/enrollment/check_in.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/plist.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "base/time/rfc3339.h"
#include "model/text/ids_text.h"

namespace muster::sync {
namespace {

using Kind = CheckIn::Kind;
using Texts = std::map<std::string, std::string>;

constexpr size_t kLongestUdid = 64;  // 40 hex digits, 25 or 36 characters

Kind kind_of(std::string_view topic) {
  if (topic == "mdm.Authenticate") return Kind::authenticate;
  if (topic == "mdm.TokenUpdate") return Kind::token_update;
  if (topic == "mdm.CheckOut") return Kind::check_out;
  return Kind::connect;
}

// What the message is about: an object of this name.
Result<const boost::json::object*> event_in(const boost::json::object& message, const std::string& topic) {
  for (const char* const name : {"checkin_event", "acknowledge_event"})
    if (const auto* const value = message.if_contains(name); value && value->is_object())
      return &value->get_object();
  return failure(Code::invalid, "the message with the topic " + topic +
                                    " has neither \"checkin_event\" nor \"acknowledge_event\"");
}

// NanoMDM tells users apart by what they belong to, and devices do by their own message.
bool is_of_user(const boost::json::object& event, const Texts& payload) {
  if (payload.contains("UserID") || payload.contains("EnrollmentUserID")) return true;
  const auto* const ids = event.if_contains("ids");
  return ids && ids->is_object() && !text_member(ids->get_object(), "parent_id").empty();
}

bool is_udid(std::string_view text) {
  return !text.empty() && text.size() <= kLongestUdid && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// Go writes the year 1 for a time that it does not have.
Time time_in(const boost::json::object& message, Time now) {
  constexpr Time kNone{};  // 1970
  const auto time = parse_rfc3339(text_member(message, "created_at"));
  return time && *time > kNone ? std::min(*time, now) : now;
}

Result<Serial> serial_in(const Texts& payload) {
  const auto found = payload.find("SerialNumber");
  if (found == payload.end()) return Serial();
  if (auto serial = read_serial(found->second)) return *std::move(serial);
  return failure(Code::invalid, "\"SerialNumber\" in \"raw_payload\" is no serial number");
}

}  // namespace

Result<std::optional<CheckIn>> read_check_in(std::string_view body, Time now) {
  auto message = parse_json(body);
  if (!message) return failure(message.error().while_doing("the message is no JSON"));
  if (!message->is_object()) return failure(Code::invalid, "the message is no JSON object");
  const std::string topic = text_member(message->get_object(), "topic");
  if (!topic.starts_with("mdm."))
    return failure(
        Code::invalid,
        topic.empty() ? "the message has no \"topic\"" : "the message's topic does not begin with \"mdm.\"",
        "Only webhooks of MicroMDM, NanoMDM and NanoHUB belong here");
  MUSTER_TRY(const auto* const event, event_in(message->get_object(), topic));

  CheckIn check_in{.kind = kind_of(topic)};
  const auto payload_bytes = base64_decode(text_member(*event, "raw_payload"));
  if (!payload_bytes) return failure(Code::invalid, "\"raw_payload\" is no Base64");
  Texts payload;
  if (!payload_bytes->empty()) {
    auto texts = plist_texts(*payload_bytes, {"UDID", "SerialNumber", "UserID", "EnrollmentUserID"});
    // A command's answer may have anything; it is not known then whether a user's or the device's.
    if (!texts && check_in.kind == Kind::connect) return std::nullopt;
    if (!texts) return failure(texts.error().while_doing("\"raw_payload\""));
    payload = *std::move(texts);
  }
  if (is_of_user(*event, payload)) return std::nullopt;
  const auto udid = payload.find("UDID");
  check_in.udid = to_upper(trim(udid != payload.end() ? udid->second : text_member(*event, "udid")));
  if (check_in.udid.empty()) return std::nullopt;  // it enrolled by a user's account, and has another name
  if (!is_udid(check_in.udid)) return failure(Code::invalid, "the UDID is none: it has other characters");
  MUSTER_TRY(check_in.serial, serial_in(payload));
  if (check_in.kind == Kind::authenticate && check_in.serial.empty())
    return failure(Code::invalid, "\"raw_payload\" of mdm.Authenticate has no \"SerialNumber\"");
  check_in.at = time_in(message->get_object(), now);
  check_in.told_at = now;
  if (const auto* const tally = event->if_contains("token_update_tally"))
    check_in.is_first = tally->is_int64() && tally->get_int64() == 1;
  return check_in;
}

}  // namespace muster::sync
