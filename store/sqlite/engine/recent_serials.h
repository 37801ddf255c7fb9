// The serials of the devices that came last: in memory, in order, until there are enough of them for the index in the
// file. That index is written in order then, each of its pages once, however many pages of devices they came by.
//
// A reader sees the database as it was at one moment, and these as they are now. That fits, because both tell where the
// index ends: `indexed` is stored with it. What a reader's index lacks it finds here, also when the index was extended
// meanwhile; what is here too early has no device in the reader's view.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "model/ids.h"

namespace muster::sqlite {

class SerialPlace {
 public:
  SerialPlace(AccountId owner, Serial number, DeviceId place, std::int64_t sort)
      : owner_(owner), head_(head_of(number.str())), number_(std::move(number)), place_(place), sort_(sort) {}

  AccountId owner() const { return owner_; }
  const Serial& number() const { return number_; }
  DeviceId place() const { return place_; }
  /// The number of the device's kind.
  std::int64_t sort() const { return sort_; }

  /// By owner and number. Below 0 when it comes before that, above when behind.
  int compare(AccountId owner, std::string_view number) const {
    return compare(owner, head_of(number), number);
  }
  friend bool operator==(const SerialPlace& a, const SerialPlace& b) { return a.compare(b) == 0; }
  friend bool operator<(const SerialPlace& a, const SerialPlace& b) { return a.compare(b) < 0; }

 private:
  // The first eight characters as a number: nearly always they tell which of two comes first.
  static std::uint64_t head_of(std::string_view number);
  int compare(const SerialPlace& other) const {
    return compare(other.owner_, other.head_, other.number_.str());
  }
  int compare(AccountId owner, std::uint64_t head, std::string_view number) const {
    if (owner_ != owner) return owner_ < owner ? -1 : 1;
    if (head_ != head) return head_ < head ? -1 : 1;
    return number_.str().compare(number);
  }

  AccountId owner_;
  std::uint64_t head_;
  Serial number_;
  DeviceId place_;
  std::int64_t sort_;
};

/// In order.
using SerialRun = std::vector<SerialPlace>;
/// Shared by the moments that have them; a serial is in one of the runs.
using SerialRuns = std::vector<std::shared_ptr<const SerialRun>>;

/// Of one moment.
struct RecentSerials {
  DeviceId indexed{};         ///< devices behind this one are in `runs`, the others in the index
  SerialRuns runs;            ///< the larger ones first, each more than the ones behind it
  DeviceId indexed_before{};  ///< the same, before the index was extended the last time
  SerialRuns runs_before;     ///< those that went into it then

  /// For who sees an index that ends with this device; nothing when it has been extended more than once since.
  std::optional<SerialRuns> behind(DeviceId last) const;
  /// How many there are in `runs`.
  size_t size() const;
  /// Of devices behind all that are here. An empty run is none.
  void add(SerialRun run);
  /// What is in `runs`, in order; null when nothing is.
  std::shared_ptr<const SerialRun> all() const;
  /// The index has all of them now, and ends with this device.
  void indexed_up_to(DeviceId last);
};

}  // namespace muster::sqlite
