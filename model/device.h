// A device: a serial number in an account, all that Apple says of it, and what Muster wants for it.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"
#include "model/apple_word.h"
#include "model/ids.h"

namespace muster {

/// What Apple says of a device. Absent, null and "" are alike (apple-dep-api.md section 7).
struct DeviceFacts {
  std::string model;
  std::string description;
  std::string color;
  std::string asset_tag;
  std::string family;          ///< `device_family`: iPad, iPhone, iPod, Mac, AppleTV, Vision, or a newer word
  std::string os;              ///< iOS, iPadOS, OSX, tvOS, visionOS, or a newer word
  std::string profile_status;  ///< as stored_profile_status() gives it; "" and "empty" are alike
  ProfileUuid profile_uuid;    ///< may be another service's; means nothing unless the status says assigned
  std::optional<Time> profile_assign_time;
  std::optional<Time> profile_push_time;
  std::string assigned_by;          ///< `device_assigned_by`
  std::optional<Time> assigned_at;  ///< `device_assigned_date`: when it came to this service
  std::string other;                ///< every further key as one JSON object's text; "" when there is none

  friend bool operator==(const DeviceFacts&, const DeviceFacts&) = default;

  /// Whether Apple says that the device has this very profile, fetched or not; also with a status that nobody
  /// knows.
  bool has_profile(const ProfileUuid& uuid) const {
    return shows_its_profile(profile_status_of(profile_status)) && profile_uuid == uuid && !uuid.empty();
  }
  /// Whether Apple says that it has no profile, whatever profile_uuid says.
  bool has_no_profile() const { return muster::has_no_profile(profile_status_of(profile_status)); }
};

/// What Apple shows of a device's profile, as DeviceFacts has it.
struct ProfileShown {
  std::string status;
  ProfileUuid uuid;

  friend bool operator==(const ProfileShown&, const ProfileShown&) = default;
};

/// One row of Apple's list: fetch rows have no operation.
struct DeviceReport {
  enum class Operation { none, added, modified, deleted };

  Serial serial;
  Operation operation = Operation::none;
  std::optional<Time> op_date;  ///< whole seconds
  DeviceFacts facts;            ///< sparse when deleted
  bool confirmed = false;       ///< Apple was asked, after this row: it is so now
};

/// The profile that Muster holds a device should have, and on whose word.
struct Desired {
  enum class By {
    nobody,  ///< no rule covered it
    rule,    ///< a rule; see `rule`
    manual,  ///< assigned by hand: beats rules until the device leaves the account
    hold,    ///< a person removed the profile: rules leave the device alone
  };
  By by = By::nobody;
  ProfileUuid profile;     ///< empty for nobody and hold
  RuleId rule{};           ///< for By::rule
  std::optional<Time> at;  ///< when that was decided

  friend bool operator==(const Desired&, const Desired&) = default;
};

/// A device that left stays as a tombstone, for its history.
struct Tombstone {
  enum class Reason {
    deleted,  ///< Apple's list said so
    absent,   ///< missing from a full list that ran to its end, and Apple does not know it in this account
    not_accessible,  ///< Apple said so to an assignment, and when it was asked
    removed,         ///< a person removed it from the database
    disowned,        ///< an operator released it from the organisation
  };
  Reason reason = Reason::deleted;
  Time at{};

  friend bool operator==(const Tombstone&, const Tombstone&) = default;
};

/// Whether the device only was not found any more: what operators and rules decided about it is kept.
inline bool may_return(Tombstone::Reason reason) {
  return reason == Tombstone::Reason::absent || reason == Tombstone::Reason::not_accessible;
}

/// Whether an operator took it out: what Apple's rows say of the time before is no news.
inline bool is_by_operator(Tombstone::Reason reason) {
  return reason == Tombstone::Reason::removed || reason == Tombstone::Reason::disowned;
}

struct Device {
  DeviceId id{};  ///< 0 before it is stored
  AccountId account{};
  Serial serial;
  DeviceFacts facts;
  DeviceReport::Operation last_operation = DeviceReport::Operation::none;
  std::optional<Time> last_op_date;  ///< of the newest row applied; the order of rows is decided by it
  Desired desired;
  std::optional<Tombstone> tombstone;
  Time first_seen{};
  /// Of a device that was there before Muster: its profile when it was seen first, which its history begins
  /// with (HistoryEntry::Kind::baseline). Stored with a new device, and never changed.
  std::optional<ProfileShown> baseline;
  std::optional<Time> arrived_at;  ///< the last arrival (design: arrivals); none for the baseline
  /// Apple has shown it as assigned to the service since then, by a row that is no arrival. The row that
  /// tells of the assignment itself may come yet: one that is dated before this moment, of Apple's clock, is
  /// an arrival, late.
  std::optional<Time> arrival_due_before;
  /// Apple was asked how the device is after this second, of Apple's clock, was over, or an operator removed
  /// the device then: rows dated within it are older.
  std::optional<Time> asked_after;
  /// Somebody takes the desired profile away again and again: no repair until a person decides.
  std::optional<Time> contested_at;

  friend bool operator==(const Device&, const Device&) = default;
};

}  // namespace muster
