// Messages from MDM servers, as NanoMDM posts them.
#pragma once

#include <optional>
#include <string>

#include "base/text/encoding.h"

namespace muster::test {

struct CheckInText {
  std::string topic;
  std::string udid = "00008030-001122334455";
  std::string serial = "C02A";  ///< "" for none; only Authenticate has it
  std::string user = "";        ///< the UserID of a user's channel
  std::string parent = "";      ///< to what NanoMDM says that the user belongs
  std::optional<int> tally = {};
  std::string at = "2026-03-01T08:00:00Z";
};

inline std::string plist_text(const CheckInText& text) {
  const auto member = [](const std::string& key, const std::string& value) {
    return value.empty() ? "" : "<key>" + key + "</key><string>" + value + "</string>";
  };
  const bool is_authenticate = text.topic == "mdm.Authenticate";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>" +
         member("UDID", text.udid) + member("SerialNumber", is_authenticate ? text.serial : "") +
         member("UserID", text.user) + "<key>Topic</key><string>com.apple.mgmt</string></dict></plist>";
}

/// The JSON body.
inline std::string check_in_text(const CheckInText& text) {
  const std::string event = text.topic == "mdm.Connect" ? "acknowledge_event" : "checkin_event";
  std::string json = R"({"topic":")" + text.topic + R"(","event_id":"e","created_at":")" + text.at +
                     R"(",")" + event + R"(":{"udid":")" + text.udid + R"(","raw_payload":")" +
                     base64_encode(plist_text(text)) + '"';
  if (!text.parent.empty()) json += R"(,"ids":{"id":"U","type":"User","parent_id":")" + text.parent + R"("})";
  if (text.tally) json += R"(,"token_update_tally":)" + std::to_string(*text.tally);
  return json + "}}";
}

}  // namespace muster::test
