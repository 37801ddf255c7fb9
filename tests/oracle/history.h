// What may happen to one device, in the words of design.md section 3, and all histories made of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/device.h"

namespace muster::oracle {

inline const Time kBegin = from_millis(1'772'355'600'000);
inline constexpr std::chrono::seconds kStep{10};  ///< from one happening to the next
inline const ProfileUuid kRuleProfile("RULE"), kHandProfile("HAND"), kForeignProfile("FOREIGN");

/// One happening, as Muster comes to know of it.
struct Step {
  enum class Kind {
    row,         ///< a row of the list of changes
    listed,      ///< a row of a later full list
    absent,      ///< a later full list, read completely, lacks the device
    assigned,    ///< an operator assigned kHandProfile through Muster
    taken_away,  ///< an operator removed the profile through Muster
    forgotten,   ///< an operator took the device out of the database
  };
  Kind kind = Kind::row;
  DeviceReport report = {};  ///< of a row or a listed device; without its serial
  bool apple_has_it = true;  ///< at the time: else Apple answers NOT_ACCESSIBLE to an operator
  Time at{};                 ///< when Muster hears of it
};

/// Where a history begins.
enum class Start { unheard_of, in_the_baseline };
/// The report of a device that was in the baseline.
DeviceReport baseline_report();

struct Happening {
  std::string_view name;
  Step::Kind kind = Step::Kind::row;
  DeviceReport::Operation operation = DeviceReport::Operation::none;
  std::string_view status = {};  ///< "" with no operation and no again: as Apple showed it last
  const ProfileUuid* profile = nullptr;
  bool reassigned = false;  ///< device_assigned_date is the happening's own date, else the one before
  bool late = false;        ///< dated before the happening before it, and delivered after
  bool untold =
      false;  ///< reassigned a moment before, of which no row has told so far: "the untold row" would
  bool tells = false;  ///< that row: after what it should have come before
  enum class Again { no, first, last } again = Again::no;  ///< an earlier row of changes once more
};

struct History {
  std::vector<const Happening*> happenings;
  std::vector<Step> steps;
  std::string name() const;  ///< "added, deleted, the first row again"
};

/// Every history of exactly `length` happenings that can be: one that tells a row again before there is one,
/// or lists a device that Apple does not have, is left out.
std::vector<History> histories(size_t length);

}  // namespace muster::oracle
