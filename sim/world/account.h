// One device management service of the portal: its data for /account, its token, its list and its log of
// operations.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/device.h"
#include "sim/world/ready_rows.h"
#include "sim/world/token.h"

namespace muster::sim {

/// A device's place in the list, in the order of assignment. Places are never reused: a cursor counts on
/// them.
struct ListEntry {
  DeviceId device = 0;
  uint32_t departure = 0;  ///< 1 + index in Account::departures; 0 while the device is here
  long long listed_ms = 0;
};

/// When a device left, and how it looked: a fetch that began before still shows it.
struct Departure {
  long long ms = 0;
  DeviceState state;
};

struct Event {
  long long ms = 0;          ///< place in the log; never less than the one before
  long long op_date_ms = 0;  ///< as the row says; the same but where a test asked for another
  DeviceId device = 0;
  Operation operation = Operation::added;
  bool by_replacement = false;
  DeviceState state;
};

enum class Access { ok, forbidden, denied };

struct Account {
  std::string name;
  int index = -1;  ///< in World::accounts()

  std::string server_name;
  std::string server_uuid;
  std::string admin_id;
  std::string org_name;
  std::string org_email;
  std::string org_phone;
  std::string org_address;
  std::string org_id;
  std::string org_id_hash;
  std::string org_type = "org";
  std::string org_version = "v2";

  Token token;
  bool terms_signed = true;
  bool can_disown = true;
  Access access = Access::ok;
  std::string discovery_url;  ///< account-driven enrolment; "" when none is set
  long long discovery_set_ms = 0;

  uint16_t admin = 0;  ///< index of admin_id in World::people()
  std::vector<ListEntry> list;
  std::vector<Departure> departures;
  std::vector<Event> events;
  std::vector<Event> hidden;  ///< of throttled devices: they enter the log when the cool-down is over
  ReadyRows ready_rows;
  size_t device_count = 0;
  long long syncs = 0;

  /// The time of operations that happen now: later than every cursor given out, so that none is missed, and
  /// not before the last operation.
  long long next_event_ms(long long now_ms) const {
    return std::max({now_ms, last_event_ms_, last_cursor_ms_ + 1});
  }
  /// The moment that a list made now shows; what happens from here on is later.
  long long take_snapshot(long long now_ms) {
    const long long ms = std::max(now_ms, last_event_ms_);
    cursor_given(ms);
    return ms;
  }
  void cursor_given(long long ms) { last_cursor_ms_ = std::max(last_cursor_ms_, ms); }
  void append_event(Event event) {
    passed(event.ms);
    events.push_back(event);
  }
  /// Something happened at that time that sync does not show: what comes next is not before it.
  void passed(long long ms) { last_event_ms_ = std::max(last_event_ms_, ms); }

 private:
  long long last_event_ms_ = 0;
  long long last_cursor_ms_ = 0;
};

}  // namespace muster::sim
