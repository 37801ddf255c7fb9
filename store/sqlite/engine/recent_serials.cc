#include "store/sqlite/engine/recent_serials.h"

#include <algorithm>
#include <iterator>

namespace muster::sqlite {
namespace {

std::shared_ptr<const SerialRun> merged(const SerialRun& a, const SerialRun& b) {
  SerialRun both;
  both.reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return std::make_shared<const SerialRun>(std::move(both));
}

}  // namespace

std::uint64_t SerialPlace::head_of(std::string_view number) {
  std::uint64_t head = 0;
  for (size_t i = 0; i < sizeof head; ++i)
    head = head << 8 | (i < number.size() ? static_cast<unsigned char>(number[i]) : 0);
  return head;
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

// Runs that are not larger are merged into it: of n serials there are log n runs, and each is copied log n times.
void RecentSerials::add(SerialRun run) {
  if (run.empty()) return;
  auto added = std::make_shared<const SerialRun>(std::move(run));
  while (!runs.empty() && runs.back()->size() <= added->size()) {
    added = merged(*runs.back(), *added);
    runs.pop_back();
  }
  runs.push_back(std::move(added));
}

std::shared_ptr<const SerialRun> RecentSerials::all() const {
  std::shared_ptr<const SerialRun> all;
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) all = all ? merged(**run, *all) : *run;
  return all;
}

void RecentSerials::indexed_up_to(DeviceId last) {
  indexed_before = indexed;
  runs_before = std::move(runs);
  indexed = last;
  runs.clear();
}

}  // namespace muster::sqlite
