#include "store/sqlite/engine/rare_facts.h"

#include <algorithm>
#include <charconv>

namespace muster::sqlite {
namespace {

// What a number is, by the letter before it; numbers end with a space.
constexpr char kTombstoneReason = 't';
constexpr char kArrivalDueBefore = 'd';
constexpr char kAskedAfter = 'q';
// All behind it, whatever its bytes are
constexpr char kAssetTag = 'a';

void append(std::string& rare, char what, std::int64_t number) {
  (rare += what) += std::to_string(number) + ' ';
}

// Calls take(what, number) for each number. Gives the rest, which begins with kAssetTag or is empty.
template <class Take>
std::string_view read_numbers(std::string_view rare, Take&& take) {
  while (!rare.empty() && rare.front() != kAssetTag) {
    const char what = rare.front();
    std::int64_t number = 0;
    const auto read = std::from_chars(rare.data() + 1, rare.data() + rare.size(), number);
    take(what, number);
    const auto end = static_cast<size_t>(read.ptr - rare.data());
    rare.remove_prefix(std::min(rare.size(), end + 1));
  }
  return rare;
}

}  // namespace

std::string rare_facts(const Device& device) {
  std::string rare;
  if (device.tombstone) append(rare, kTombstoneReason, static_cast<std::int64_t>(device.tombstone->reason));
  if (device.arrival_due_before) append(rare, kArrivalDueBefore, to_millis(*device.arrival_due_before));
  if (device.asked_after) append(rare, kAskedAfter, to_millis(*device.asked_after));
  if (!device.facts.asset_tag.empty()) (rare += kAssetTag) += device.facts.asset_tag;
  return rare;
}

void read_rare_facts(std::string_view rare, Device& device) {
  const auto rest = read_numbers(rare, [&](char what, std::int64_t number) {
    switch (what) {
      case kTombstoneReason:
        if (device.tombstone) device.tombstone->reason = static_cast<Tombstone::Reason>(number);
        return;
      case kArrivalDueBefore: device.arrival_due_before = from_millis(number); return;
      case kAskedAfter: device.asked_after = from_millis(number); return;
      default: return;
    }
  });
  if (!rest.empty()) device.facts.asset_tag = rest.substr(1);
}

std::string_view asset_tag_of(std::string_view rare) {
  const auto rest = read_numbers(rare, [](char, std::int64_t) {});
  return rest.empty() ? rest : rest.substr(1);
}

}  // namespace muster::sqlite
