// The serials of the devices that came last: in memory, in order, until there are enough of them for the
// index in the file. That index is written in order then, each of its pages once, however many pages of
// devices they came by.
//
// A reader sees the database as it was at one moment, and these as they are now. That fits, because both tell
// where the index ends: `indexed` is stored with it. What a reader's index lacks it finds here, also when the
// index was extended meanwhile; what is here too early has no device in the reader's view.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/ids.h"

namespace muster::sqlite {

/// A serial of a run.
struct SerialPlace {
  AccountId owner{};
  std::string_view number;  ///< as long as the run is there and gets no more
  DeviceId place{};
  std::int64_t sort = 0;  ///< the number of the device's kind
};

/// Serials with their text behind each other in one block: runs are put together again and again, and a text
/// of its own for each serial would cost more than all else.
class SerialRun {
 public:
  void reserve(size_t serials, size_t bytes_of_text);
  void add(const SerialPlace& serial);
  /// By owner and number.
  void sort();
  /// Of two that are in order, one that is.
  static SerialRun merged(const SerialRun& a, const SerialRun& b);

  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  SerialPlace operator[](size_t index) const {
    const Entry& entry = entries_[index];
    return {static_cast<AccountId>(entry.owner), text_of(entry), entry.place, entry.sort};
  }

  /// The first one at `from` or behind it that is not before `owner` and `number`, in a run that is in order.
  size_t lower_bound(AccountId owner, std::string_view number, size_t from = 0) const;
  /// By owner and number. Below 0 when the one at `index` comes before that, above when behind.
  int compare(size_t index, AccountId owner, std::string_view number) const {
    return compare(entries_[index], narrow(owner), head_of(number), number);
  }
  int compare(size_t index, const SerialRun& other, size_t place) const {
    return compare(entries_[index], other, other.entries_[place]);
  }

 private:
  // Numbers of accounts, kinds and bytes fit into 32 bits: there are a hundred thousand of these.
  struct Entry {
    std::uint64_t head;
    DeviceId place;
    std::uint32_t owner, sort;
    std::uint32_t begin, length;  // of its text
  };

  // The first eight characters as a number: nearly always they tell which of two comes first.
  static std::uint64_t head_of(std::string_view number);
  std::string_view text_of(const Entry& entry) const {
    return std::string_view(texts_).substr(entry.begin, entry.length);
  }
  static std::uint32_t narrow(AccountId owner) { return static_cast<std::uint32_t>(owner); }
  int compare(const Entry& entry, std::uint32_t owner, std::uint64_t head, std::string_view number) const {
    if (entry.owner != owner) return entry.owner < owner ? -1 : 1;
    if (entry.head != head) return entry.head < head ? -1 : 1;
    return text_of(entry).compare(number);
  }
  int compare(const Entry& entry, const SerialRun& other, const Entry& its) const {
    return compare(entry, its.owner, its.head, other.text_of(its));
  }

  std::vector<Entry> entries_;
  std::string texts_;
};

/// Shared by the moments that have them; a serial is in one of the runs.
using SerialRuns = std::vector<std::shared_ptr<const SerialRun>>;

/// Of one moment.
struct RecentSerials {
  DeviceId indexed{};         ///< devices behind this one are in `runs`, the others in the index
  SerialRuns runs;            ///< the larger ones first, each more than the ones behind it
  DeviceId indexed_before{};  ///< the same, before the index was extended a short while ago
  SerialRuns runs_before;     ///< those that went into it then

  /// For who sees an index that ends with this device; nothing when it was extended long ago since then.
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
