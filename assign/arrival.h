// What a row of Apple's list means for a device: did it arrive, leave, or only look different?
//
// MicroMDM's promise is kept, "new, and only new", but decided by state instead of by the word `added`: Apple
// reports a device moved between services as `modified`, and a full list has no operations at all. The table
// is in docs/arrivals.md, row by row as judge() has it.
#pragma once

#include <optional>

#include "model/device.h"

namespace muster::assign {

/// Where a row came from.
enum class Source {
  baseline,  ///< the account's first full list: these devices were there before us
  refetch,   ///< a later full list, after an expired cursor
  sync,      ///< the list of changes
};

/// How the rows of a list stand in time, by Apple's clock.
struct ListTime {
  std::optional<Time> began;  ///< a full list: its rows are not newer than that
  std::optional<Time>
      arrived_since;  ///< devices assigned to the service since then were not there before Muster
  /// The same, where many devices that were assigned in between tell that they were there.
  std::optional<Time> surely_arrived_since;
  /// Devices without a profile that were assigned to the service since then were there before Muster, but not
  /// seen by the server that had the account.
  std::optional<Time> taken_over_since = {};
};

enum class ArrivalPolicy {
  by_state,    ///< the table
  added_only,  ///< MicroMDM's literal rule: only a sync row `added` is an arrival
};

struct Verdict {
  enum class Effect {
    nothing,       ///< older than what is known: leave the device as it is
    observed,      ///< take over what Apple says; no arrival
    arrived,       ///< take it over, and let the rules decide
    arrived_late,  ///< let the rules decide, and leave what Apple has shown since as it is
    left,          ///< make it a tombstone
  };
  /// What the log says, in MicroMDM's words.
  enum class Warning { none, readding, unknown_update, unassigned };

  Effect effect = Effect::nothing;
  Warning warning = Warning::none;

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// Whether the row stands for the very second that `known` does, and says something else: nobody but Apple
/// can tell which came last. The late row of an arrival is none: it came first. Pure.
bool is_tie(const DeviceReport& report, const Device& known);
/// The same for two rows of one serial.
bool is_tie(const DeviceReport& one, const DeviceReport& other);
/// Whether Apple was asked how the device is when the second of the row was over: what the row says is older.
/// Pure.
bool is_answered(const DeviceReport& report, const Device& known);

/// `known` is null for a serial never heard of; a tombstone is known. Pure.
Verdict judge(const DeviceReport& report, const Device* known, Source source,
              ArrivalPolicy policy = ArrivalPolicy::by_state, const ListTime& list = {});

/// The newest moment that what is known of a device stands for: its last operation, or, for a device known
/// from a full list only, when it was assigned to the service (Apple dates its `added` row with that very
/// moment, and the first sync after a fetch may deliver that row once more).
std::optional<Time> known_until(const Device& device);

}  // namespace muster::assign
