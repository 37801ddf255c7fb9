#include "store/sqlite/engine/list_order.h"

#include <algorithm>

namespace muster::sqlite {
namespace {

// A page that is smaller costs little anyway.
constexpr size_t kFewDevices = 100;
// Devices that the list does not show any more, or of other accounts, between two of the page.
constexpr std::ptrdiff_t kLookAhead = 16;

}  // namespace

std::optional<DeviceId> ListOrder::expected(AccountId account) const {
  const auto known = last_.find(account);
  return known == last_.end() ? std::nullopt : std::optional(known->second);
}

void ListOrder::match(std::span<const Serial> serials, std::vector<Device> candidates, AccountId account,
                      std::vector<Device>& found, std::vector<Serial>& rest) {
  // Nearly always they are just these.
  const auto is_it = [&](const Device& candidate, const Serial& serial) {
    return candidate.account == account && candidate.serial == serial;
  };
  if (std::equal(candidates.begin(), candidates.end(), serials.begin(), serials.end(), is_it)) {
    found = std::move(candidates);
    return;
  }
  auto next = candidates.begin();
  for (const Serial& serial : serials) {
    const auto end = next + std::min(kLookAhead, candidates.end() - next);
    const auto device =
        std::find_if(next, end, [&](const Device& candidate) { return is_it(candidate, serial); });
    if (device == end) {
      rest.push_back(serial);
      continue;
    }
    found.push_back(std::move(*device));
    next = device + 1;
  }
}

void ListOrder::learn(AccountId account, std::span<const Device> page) {
  size_t in_order = 0;
  for (size_t i = 1; i < page.size(); ++i) in_order += page[i - 1].id < page[i].id ? 1 : 0;
  if (page.size() >= kFewDevices && in_order * 10 >= page.size() * 9)
    last_[account] = page.back().id;
  else
    last_.erase(account);
}

}  // namespace muster::sqlite
