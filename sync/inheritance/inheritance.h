// What a device takes over from the one that it replaces: the operators' note, lists and hold
// (docs/replacements.md).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sync/work/updates.h"

namespace muster::sync {

/// By the serial number of a device: that of the one that it replaces, as Apple says.
using Replaced = std::map<Serial, Serial>;

/// What became of the hold that the replaced device had.
enum class InheritedHold {
  none,       ///< it had none
  taken,      ///< the device is on hold
  overruled,  ///< an operator had decided about the device itself
};

/// What a device took over.
struct Inherited {
  Serial original{};
  bool note = false;  ///< at least one field of it
  long long lists = 0;
  bool is_held = false;  ///< the replaced device is, or was when it left; whoever takes over decides about it
  std::set<std::string> all_lists{};
  Note whole_note{};  ///< of the device, as it is now

  /// For the device's history: "replaces C1: its note, 2 lists and hold were taken over".
  std::string text(InheritedHold hold) const;
};

/// The inheritances of one transaction. They are collected, and written together.
class Inheritance {
 public:
  Inheritance() = default;
  /// What is known of the devices and those that they replace. Asks nothing when there are none.
  static Result<Inheritance> load(Reader& reader, AccountId account, const Replaced& replaced);

  /// Whether Apple has said which device this one replaces; null when it has not.
  const Serial* original_of(const Serial& serial) const;
  /// Gives the device, for which there is an original_of(), what it lacks itself. `original`: the replaced
  /// device as this transaction has it; null: as it is stored. Once for each device.
  Inherited take(const Serial& serial, const Device* original);
  /// Call once, last.
  Result<> write(Writer& writer, Time now) const;

 private:
  AccountId account_{};
  Replaced replaced_;
  std::map<Serial, Note> notes_;
  std::map<Serial, std::set<std::string>> lists_;
  std::set<Serial> held_;
  std::set<Serial> noted_;                             // whose notes have changed
  std::map<std::string, std::vector<Serial>> joined_;  // by list
};

/// Whether the device has taken over already what it could: that happens once.
Result<bool> has_inherited(DeviceUpdates& updates, const Device& device);

/// Takes over for a device that rules have already decided about. They are not evaluated again: only a hold
/// ends what they began, as an operator's hold does. `by_apple`: now, by Apple's clock. The device must live
/// until write().
Result<Inherited> inherit_late(DeviceUpdates& updates, Inheritance& inheritance, Device& device,
                               const Device* original, Time now, Time by_apple);

}  // namespace muster::sync
