#include "store/sqlite/engine/recent_serials.h"

#include <algorithm>

namespace muster::sqlite {
namespace {

// So many serials after the index was extended, what went into it is given up.
constexpr size_t kNeededAtMost = 16'384;

}  // namespace

std::uint64_t SerialRun::head_of(std::string_view number) {
  std::uint64_t head = 0;
  for (size_t i = 0; i < sizeof head; ++i)
    head = head << 8 | (i < number.size() ? static_cast<unsigned char>(number[i]) : 0);
  return head;
}

void SerialRun::reserve(size_t serials, size_t bytes_of_text) {
  entries_.reserve(serials);
  texts_.reserve(bytes_of_text);
}

void SerialRun::add(const SerialPlace& serial) {
  entries_.push_back({head_of(serial.number), serial.place, narrow(serial.owner),
                      static_cast<std::uint32_t>(serial.sort), static_cast<std::uint32_t>(texts_.size()),
                      static_cast<std::uint32_t>(serial.number.size())});
  texts_ += serial.number;
}

void SerialRun::sort() {
  std::sort(entries_.begin(), entries_.end(),
            [this](const Entry& a, const Entry& b) { return compare(a, *this, b) < 0; });
}

SerialRun SerialRun::merged(const SerialRun& a, const SerialRun& b) {
  SerialRun both;
  both.reserve(a.size() + b.size(), a.texts_.size() + b.texts_.size());
  both.texts_ = a.texts_;
  both.texts_ += b.texts_;
  const auto shift = static_cast<std::uint32_t>(a.texts_.size());
  auto next = a.entries_.begin();
  for (Entry entry : b.entries_) {
    while (next != a.entries_.end() && a.compare(*next, b, entry) < 0) both.entries_.push_back(*next++);
    entry.begin += shift;
    both.entries_.push_back(entry);
  }
  both.entries_.insert(both.entries_.end(), next, a.entries_.end());
  return both;
}

size_t SerialRun::lower_bound(AccountId owner, std::string_view number, size_t from) const {
  const auto head = head_of(number);
  const auto found = std::partition_point(
      entries_.begin() + static_cast<std::ptrdiff_t>(from), entries_.end(),
      [&](const Entry& entry) { return compare(entry, narrow(owner), head, number) < 0; });
  return static_cast<size_t>(found - entries_.begin());
}

std::optional<SerialRuns> RecentSerials::behind(DeviceId last) const {
  if (last == indexed) return runs;
  if (last != indexed_before) return std::nullopt;
  SerialRuns both = runs_before;
  both.insert(both.end(), runs.begin(), runs.end());
  return both;
}

size_t RecentSerials::size() const {
  size_t size = 0;
  for (const auto& run : runs) size += run->size();
  return size;
}

// Runs that are not larger are merged into it: of n serials there are log n runs, and each is copied log n
// times.
void RecentSerials::add(SerialRun run) {
  if (run.empty()) return;
  auto added = std::make_shared<const SerialRun>(std::move(run));
  while (!runs.empty() && runs.back()->size() <= added->size()) {
    added = std::make_shared<const SerialRun>(SerialRun::merged(*runs.back(), *added));
    runs.pop_back();
  }
  runs.push_back(std::move(added));
  // Whoever saw the index as it was before has been given its serials long since.
  if (size() >= kNeededAtMost) {
    indexed_before = indexed;
    runs_before.clear();
  }
}

std::shared_ptr<const SerialRun> RecentSerials::all() const {
  std::shared_ptr<const SerialRun> all;
  for (auto run = runs.rbegin(); run != runs.rend(); ++run)
    all = all ? std::make_shared<const SerialRun>(SerialRun::merged(**run, *all)) : *run;
  return all;
}

void RecentSerials::indexed_up_to(DeviceId last) {
  indexed_before = indexed;
  runs_before = std::move(runs);
  indexed = last;
  runs.clear();
}

}  // namespace muster::sqlite
